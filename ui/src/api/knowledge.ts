/** The knowledge base: found and read at the desk, written in the set-up. */
import { keepPreviousData } from "@tanstack/react-query";

import { call } from "@/api/client";
import type { Language } from "@/api/types";

export interface Piece {
  text: string;
  hit: boolean;
}

export interface Hit {
  id: string;
  title: Piece[];
  snippet: Piece[];
  language: Language;
  tags: string[];
  suggested: boolean;
}

export interface Reading {
  id: string;
  version: number;
  title: string;
  body: string;
  language: Language;
  tags: string[];
  made_at: string;
  helped: boolean | null;
  put: boolean;
}

export interface Written {
  title: string;
  body: string;
  language: Language;
  tags: string[];
  queues: string[];
}

export interface Listed extends Omit<Written, "body"> {
  id: string;
  version: number;
  published: number | null;
  made_at: string;
  by: string | null;
  put: number;
  helped: number;
  failed: number;
}

export interface Article extends Written {
  id: string;
  version: number;
  newest: number;
  published: number | null;
  made_at: string;
  by: string | null;
  versions: { version: number; title: string; made_at: string; by: string | null }[];
}

export const ARTICLES = ["articles"] as const;

export const hitsQuery = (contact: string, q: string) => ({
  queryKey: ["knowledge", contact, q],
  queryFn: async () => (await call<{ articles: Hit[] }>("GET", `/api/knowledge?${new URLSearchParams({ q, contact }).toString()}`)).articles,
  placeholderData: keepPreviousData,
  staleTime: 60_000,
});

export const readingQuery = (contact: string, article: string) => ({
  queryKey: ["knowledge", contact, "article", article],
  queryFn: () => call<Reading>("GET", `/api/knowledge/${article}?contact=${contact}`),
});

export const judgeArticle = (contact: string, article: string, body: { helped?: boolean; put?: boolean }) =>
  call("PUT", `/api/knowledge/${article}/contacts/${contact}`, body);

export const articlesQuery = {
  queryKey: ARTICLES,
  queryFn: async () => (await call<{ articles: Listed[] }>("GET", "/api/articles")).articles,
};

export const articleQuery = (article: string) => ({
  queryKey: [...ARTICLES, article],
  queryFn: () => call<Article>("GET", `/api/articles/${article}`),
});

export const versionOf = (article: string, version: number) => call<Article>("GET", `/api/articles/${article}?version=${version}`);

export const keepArticle = (article: Article | null, written: Written, publish: boolean) =>
  article
    ? call<Article>("PUT", `/api/articles/${article.id}`, { ...written, publish }, article.newest)
    : call<Article>("POST", "/api/articles", { ...written, publish });

export const publishArticle = (article: string, version: number | null) => call<Article>("PUT", `/api/articles/${article}/publication`, { version });

export const removeArticle = (article: string) => call("DELETE", `/api/articles/${article}`);
