/** The articles of the knowledge base: which there are, whether they help, and the one that is being written. */
import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { Link, useSearch } from "@tanstack/react-router";
import { Plus, ThumbsDown, ThumbsUp } from "lucide-react";
import { useState } from "react";

import { articleQuery, articlesQuery, type Listed } from "@/api/knowledge";
import { ArticleEditor } from "@/articles/ArticleEditor";
import "@/articles/articles.css";
import { SetupNav } from "@/configuration/SetupNav";
import { Refusal } from "@/design/Refusal";
import { Tag } from "@/design/Tag";
import { moment } from "@/i18n/format";

const fits = (article: Listed, words: string) => `${article.title} ${article.tags.join(" ")}`.toLowerCase().includes(words);

export function Articles() {
  const { article } = useSearch({ from: "/inside/configuration/knowledge" });
  return (
    <div className="page articles">
      <SetupNav />
      {article === undefined ? <List /> : article === "new" ? <ArticleEditor key="new" article={null} /> : <Existing key={article} id={article} />}
    </div>
  );
}

function Existing({ id }: { id: string }) {
  const { data, error } = useQuery({ ...articleQuery(id), staleTime: Infinity, gcTime: 0 });
  if (error) return <Refusal error={error} />;
  return data ? <ArticleEditor article={data} /> : null;
}

function List() {
  const { t } = useLingui();
  const { data, error } = useQuery(articlesQuery);
  const [sought, setSought] = useState("");
  const words = sought.trim().toLowerCase();
  const found = (data ?? []).filter((one) => fits(one, words));
  return (
    <>
      <header className="articlesTop">
        <div>
          <h1>
            <Trans>Knowledge base</Trans>
          </h1>
          <p className="muted">
            <Trans>What agents look up while they talk. They find an article as soon as it is published.</Trans>
          </p>
        </div>
        <Link to="/configuration/knowledge" search={{ article: "new" }} className="button primary">
          <Plus size={16} aria-hidden />
          <Trans>New article</Trans>
        </Link>
      </header>
      <Refusal error={error} />
      {data && data.length > 0 && (
        <input type="search" className="input articlesSearch" aria-label={t`Find an article`} placeholder={t`Find an article`} value={sought} onChange={(event) => setSought(event.target.value)} />
      )}
      {data && found.length === 0 && (
        <p className="card articlesNone muted">{data.length ? <Trans>No such article.</Trans> : <Trans>There are no articles yet. Begin with what customers ask most.</Trans>}</p>
      )}
      {found.length > 0 && (
        <div className="card articlesTable">
          <table className="table">
            <thead>
              <tr>
                <th>
                  <Trans>Article</Trans>
                </th>
                <th>
                  <Trans>State</Trans>
                </th>
                <th className="wideOnly">
                  <Trans>Helped</Trans>
                </th>
                <th className="wideOnly">
                  <Trans>Changed</Trans>
                </th>
              </tr>
            </thead>
            <tbody>
              {found.map((one) => (
                <Row key={one.id} article={one} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </>
  );
}

function Row({ article }: { article: Listed }) {
  const { t } = useLingui();
  return (
    <tr>
      <td>
        <Link to="/configuration/knowledge" search={{ article: article.id }} className="articlesName" lang={article.language}>
          {article.title}
        </Link>
        <span className="caption">{[article.language.toUpperCase(), ...article.tags].join(" · ")}</span>
      </td>
      <td>
        <State article={article} />
      </td>
      <td className="wideOnly figures articlesHelped">
        {article.helped + article.failed === 0 ? (
          <span className="muted">–</span>
        ) : (
          <>
            <span title={t`Helped`}>
              <ThumbsUp size={14} aria-label={t`Helped`} /> {article.helped}
            </span>
            <span title={t`Did not help`}>
              <ThumbsDown size={14} aria-label={t`Did not help`} /> {article.failed}
            </span>
          </>
        )}
        {article.put > 0 && (
          <span className="caption">
            <Plural value={article.put} one="put into # note" other="put into # notes" />
          </span>
        )}
      </td>
      <td className="wideOnly muted">
        {moment(article.made_at)}
        {article.by && ` · ${article.by}`}
      </td>
    </tr>
  );
}

export function State({ article }: { article: { version: number; published: number | null } }) {
  if (article.published === null) {
    return (
      <Tag>
        <Trans>Draft</Trans>
      </Tag>
    );
  }
  return (
    <span className="articlesState">
      <Tag tone="ok" dotted>
        <Trans>Agents read it</Trans>
      </Tag>
      {article.published < article.version && (
        <Tag tone="warn">
          <Trans>Newer draft</Trans>
        </Tag>
      )}
    </span>
  );
}
