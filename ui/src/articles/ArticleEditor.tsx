/** One article: text and preview side by side, for whom it is, its versions. What was typed survives a reload. */
import { Trans, useLingui } from "@lingui/react/macro";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { ArrowLeft, Check, EyeOff, Save, Trash2 } from "lucide-react";
import type { SubmitEvent } from "react";

import { ARTICLES, articleQuery, keepArticle, publishArticle, removeArticle, versionOf, type Article, type Written } from "@/api/knowledge";
import { State } from "@/articles/Articles";
import { useKept } from "@/customers/draft";
import { Button } from "@/design/Button";
import { Choice } from "@/design/Choice";
import { Refusal } from "@/design/Refusal";
import { Confirm } from "@/floor/Confirm";
import { moment } from "@/i18n/format";
import { spoken } from "@/i18n/language";
import { Markdown } from "@/knowledge/Markdown";
import { useLive } from "@/live/useLive";

const written = ({ title, body, language, tags, queues }: Written): Written => ({ title, body, language, tags, queues });
const tagsOf = (text: string) => text.split(",").map((tag) => tag.trim()).filter(Boolean);

/** What was typed counts for the version it was begun on. */
interface Typed extends Written {
  tagLine: string;
}

export function ArticleEditor({ article }: { article: Article | null }) {
  const begun: Written = article ? written(article) : { title: "", body: "", language: spoken(), tags: [], queues: [] };
  const [typed, type, forget] = useKept<Typed>(`article.${article?.id ?? "new"}.${article?.newest ?? 0}`, { ...begun, tagLine: begun.tags.join(", ") });
  const client = useQueryClient();
  const navigate = useNavigate();
  const change = (part: Partial<Typed>) => type({ ...typed, ...part });
  const text: Written = { ...written(typed), tags: tagsOf(typed.tagLine) };
  const changed = JSON.stringify(text) !== JSON.stringify(begun);
  const fresh = (made: Article) => {
    forget();
    client.setQueryData(articleQuery(made.id).queryKey, made);
    void client.invalidateQueries({ queryKey: ARTICLES, exact: true });
    void client.invalidateQueries({ queryKey: ["knowledge"] });
    void navigate({ to: "/configuration/knowledge", search: { article: made.id }, replace: true });
  };
  const keep = useMutation({ mutationFn: (publish: boolean) => keepArticle(article, text, publish), onSuccess: fresh });
  const turn = useMutation({ mutationFn: (version: number | null) => publishArticle(article?.id ?? "", version), onSuccess: fresh });
  const fill = useMutation({ mutationFn: (version: number) => versionOf(article?.id ?? "", version), onSuccess: (old) => change({ ...written(old), tagLine: old.tags.join(", ") }) });
  const remove = useMutation({
    mutationFn: () => removeArticle(article?.id ?? ""),
    onSuccess: async () => {
      forget();
      await client.invalidateQueries({ queryKey: ARTICLES });
      await navigate({ to: "/configuration/knowledge" });
    },
  });
  const publish = () => (changed || !article ? keep.mutate(true) : turn.mutate(article.newest));
  return (
    <>
      <Link to="/configuration/knowledge" className="articlesBack">
        <ArrowLeft size={16} aria-hidden />
        <Trans>All articles</Trans>
      </Link>
      <h1 dir="auto">{article ? article.title : <Trans>New article</Trans>}</h1>
      <Fields
        article={article}
        typed={typed}
        change={change}
        submit={() => keep.mutate(false)}
        buttons={
          <>
            <Button kind="primary" icon={Check} isDisabled={!text.title.trim()} isPending={keep.isPending || turn.isPending} onPress={publish}>
              <Trans>Publish</Trans>
            </Button>
            <Button type="submit" icon={Save} isDisabled={!changed || !text.title.trim()} isPending={keep.isPending}>
              <Trans>Keep as a draft</Trans>
            </Button>
            {article?.published != null && (
              <Button icon={EyeOff} isPending={turn.isPending} onPress={() => turn.mutate(null)}>
                <Trans>Withdraw</Trans>
              </Button>
            )}
            {article && <Confirm icon={Trash2} name={<Trans>Remove</Trans>} question={<Trans>The article is removed with all its versions.</Trans>} act={() => remove.mutate()} />}
          </>
        }
        error={keep.error ?? turn.error ?? fill.error ?? remove.error}
      />
      {article && article.versions.length > 1 && <Versions article={article} fill={(version) => fill.mutate(version)} />}
    </>
  );
}

interface FieldsProps {
  article: Article | null;
  typed: Typed;
  change: (part: Partial<Typed>) => void;
  submit: () => void;
  buttons: React.ReactNode;
  error: Error | null;
}

function Fields({ article, typed, change, submit, buttons, error }: FieldsProps) {
  const { t } = useLingui();
  const send = (event: SubmitEvent) => {
    event.preventDefault();
    submit();
  };
  return (
    <form className="card articleEditor" aria-label={t`Article`} onSubmit={send}>
      <div className="articleHead">
        <label className="field">
          <span className="heading">
            <Trans>Title</Trans>
          </span>
          <input className="input" dir="auto" maxLength={200} value={typed.title} onChange={(event) => change({ title: event.target.value })} />
        </label>
        <Choice
          name={t`Language of the article`}
          value={typed.language}
          choose={(language) => change({ language })}
          options={[
            { id: "ru", name: "Русский", lang: "ru", short: "RU" },
            { id: "en", name: "English", lang: "en", short: "EN" },
          ]}
        />
        {article && <State article={{ version: article.newest, published: article.published }} />}
      </div>
      <div className="articleText">
        <label className="field">
          <span className="heading">
            <Trans>Text</Trans>
          </span>
          <textarea className="input articleBody" dir="auto" maxLength={100_000} value={typed.body} placeholder={t`Markdown: # heading, **bold**, - list, [link](https://…)`} onChange={(event) => change({ body: event.target.value })} />
        </label>
        <section className="field" aria-label={t`As agents see it`}>
          <span className="heading">
            <Trans>As agents see it</Trans>
          </span>
          <div className="articlePreview" tabIndex={0}>
            <Markdown text={typed.body} lang={typed.language} heading="h2" />
          </div>
        </section>
      </div>
      <label className="field">
        <span className="heading">
          <Trans>Tags</Trans>
        </span>
        <input className="input" dir="auto" maxLength={1500} value={typed.tagLine} placeholder={t`Other words for the same, names from menus; by commas`} onChange={(event) => change({ tagLine: event.target.value })} />
        <span className="caption">
          <Trans>A tag that equals what a customer chose in a menu, or what a scenario found out, brings the article to that contact.</Trans>
        </span>
      </label>
      <QueueChoice chosen={typed.queues} choose={(queues) => change({ queues })} />
      <div className="articleButtons">{buttons}</div>
      <Refusal error={error} />
    </form>
  );
}

function QueueChoice({ chosen, choose }: { chosen: string[]; choose: (queues: string[]) => void }) {
  const queues = useLive((state) => state.queues) ?? [];
  if (queues.length === 0) return null;
  return (
    <fieldset className="articleQueues">
      <legend className="heading">
        <Trans>Suggested to these queues</Trans>
      </legend>
      {queues.map((queue) => (
        <label key={queue.id}>
          <input type="checkbox" checked={chosen.includes(queue.id)} onChange={(event) => choose(event.target.checked ? [...chosen, queue.id] : chosen.filter((one) => one !== queue.id))} />
          {queue.name}
        </label>
      ))}
      <span className="caption">{chosen.length === 0 && <Trans>None chosen: to all.</Trans>}</span>
    </fieldset>
  );
}

function Versions({ article, fill }: { article: Article; fill: (version: number) => void }) {
  const { t } = useLingui();
  return (
    <section className="card articleVersions" aria-label={t`Versions`}>
      <h2 className="heading">
        <Trans>Versions</Trans>
      </h2>
      <ul>
        {article.versions.map((one) => (
          <li key={one.version}>
            <span className="figures">{one.version}</span>
            <span className="clip" lang={article.language}>
              {one.title}
            </span>
            <span className="muted clip">
              {moment(one.made_at)}
              {one.by && ` · ${one.by}`}
            </span>
            <Button kind="bare" onPress={() => fill(one.version)} aria-label={t`Take the text of version ${one.version}`}>
              <Trans>Take this text</Trans>
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}
