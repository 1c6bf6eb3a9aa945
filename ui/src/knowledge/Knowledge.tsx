/** The knowledge base beside the conversation: what fits the contact, search while typing, an article to read out and put into the note. */
import { Trans, useLingui } from "@lingui/react/macro";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { ArrowLeft, BookOpen, Check, ClipboardPen, Search, ThumbsDown, ThumbsUp } from "lucide-react";
import { useEffect, useId, useRef, useState, type KeyboardEvent } from "react";

import { hitsQuery, judgeArticle, readingQuery, type Hit, type Piece, type Reading } from "@/api/knowledge";
import { Button } from "@/design/Button";
import { Refusal } from "@/design/Refusal";
import "@/design/filters.css";
import { useFocusing } from "@/design/focus";
import { Tag } from "@/design/Tag";
import { insert } from "@/desk/inserting";
import { moment } from "@/i18n/format";
import "@/knowledge/knowledge.css";
import { words } from "@/knowledge/markdown";
import { Markdown } from "@/knowledge/Markdown";

const TYPING_PAUSE_MS = 120;

function usePaused(value: string): string {
  const [paused, setPaused] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setPaused(value), TYPING_PAUSE_MS);
    return () => clearTimeout(timer);
  }, [value]);
  return paused;
}

interface Props {
  contact: string;
  /** There is a note to put an article into, and it may be judged. */
  inHand: boolean;
  /** Grows each time somebody wants to look something up. */
  wanted: number;
}

export function Knowledge({ contact, inHand, wanted }: Props) {
  const [typed, setTyped] = useState("");
  const [open, setOpen] = useState<string | null>(null);
  const [seen, setSeen] = useState(wanted);
  const field = useRef<HTMLInputElement>(null);
  const focus = useFocusing();
  if (wanted !== seen) {
    setSeen(wanted);
    setOpen(null);
  }
  useEffect(() => {
    if (wanted > 0 && open === null) field.current?.focus();
  }, [wanted, open]);
  if (open !== null) {
    const back = () => {
      setOpen(null);
      focus(() => field.current);
    };
    return <Page contact={contact} article={open} inHand={inHand} back={back} />;
  }
  return <Finder contact={contact} typed={typed} type={setTyped} field={field} open={setOpen} />;
}

interface FinderProps {
  contact: string;
  typed: string;
  type: (typed: string) => void;
  field: React.RefObject<HTMLInputElement | null>;
  open: (article: string) => void;
}

function Finder({ contact, typed, type, field, open }: FinderProps) {
  const { t } = useLingui();
  const list = useId();
  const sought = usePaused(typed.trim());
  const { data: hits, error } = useQuery(hitsQuery(contact, sought));
  const [at, setAt] = useState({ sought, chosen: 0 });
  const shown = hits ?? [];
  const chosen = at.sought === sought ? Math.min(at.chosen, Math.max(0, shown.length - 1)) : 0;
  const active = shown[chosen];
  useEffect(() => {
    if (active) document.getElementById(`${list}-${active.id}`)?.scrollIntoView({ block: "nearest" });
  }, [list, active]);
  const pressed = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && shown.length) setAt({ sought, chosen: (chosen + step + shown.length) % shown.length });
    else if (event.key === "Enter" && active) open(active.id);
    else if (event.key === "Escape" && typed) type("");
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div className="knowledge">
      <div className="searchField knowledgeField">
        <Search size={16} aria-hidden />
        <input
          ref={field}
          type="search"
          className="input"
          role="combobox"
          aria-label={t`Search the knowledge base`}
          placeholder={t`Search the knowledge base`}
          aria-expanded={shown.length > 0}
          aria-controls={list}
          aria-activedescendant={active ? `${list}-${active.id}` : undefined}
          aria-autocomplete="list"
          autoComplete="off"
          maxLength={200}
          value={typed}
          onChange={(event) => type(event.target.value)}
          onKeyDown={pressed}
        />
      </div>
      <p className={shown.length && sought === "" ? "caption" : "unseen"}>
        <Trans>For this contact</Trans>
      </p>
      <ul id={list} role="listbox" aria-label={t`Articles`} className="knowledgeList">
        {shown.map((hit, number) => (
          <Found key={hit.id} hit={hit} id={`${list}-${hit.id}`} chosen={number === chosen} point={() => setAt({ sought, chosen: number })} open={() => open(hit.id)} />
        ))}
      </ul>
      <p className={hits && shown.length === 0 ? "knowledgeNone" : "unseen"} role="status">
        {hits && shown.length === 0 && <Nothing sought={sought} />}
      </p>
      <Refusal error={error} />
    </div>
  );
}

function Nothing({ sought }: { sought: string }) {
  return sought ? <Trans>Nothing was found. Try another word.</Trans> : <Trans>There are no articles for this contact yet. An administrator writes them in the set-up.</Trans>;
}

function Found({ hit, id, chosen, point, open }: { hit: Hit; id: string; chosen: boolean; point: () => void; open: () => void }) {
  return (
    // The field keeps the focus: its keys move the choice.
    <li id={id} role="option" aria-selected={chosen} lang={hit.language} onPointerDown={(event) => event.preventDefault()} onPointerMove={() => chosen || point()} onClick={open}>
      <BookOpen size={16} aria-hidden />
      <span className="knowledgeTitle">
        <Marked pieces={hit.title} />
      </span>
      <span className="knowledgeSnippet">
        <Marked pieces={hit.snippet} />
      </span>
    </li>
  );
}

function Marked({ pieces }: { pieces: Piece[] }) {
  return pieces.map((piece, at) => (piece.hit ? <mark key={at}>{piece.text}</mark> : piece.text));
}

function Page({ contact, article, inHand, back }: { contact: string; article: string; inHand: boolean; back: () => void }) {
  const { t } = useLingui();
  const { data, error } = useQuery(readingQuery(contact, article));
  const box = useRef<HTMLElement>(null);
  useEffect(() => box.current?.focus(), []);
  const pressed = (event: KeyboardEvent) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    back();
  };
  return (
    <article ref={box} tabIndex={-1} className="knowledgePage" aria-label={data?.title ?? t`Article`} onKeyDown={pressed}>
      <div>
        <Button kind="bare" icon={ArrowLeft} onPress={back}>
          <Trans>All articles</Trans>
        </Button>
      </div>
      <Refusal error={error} />
      {data && (
        <>
          <header>
            <h2 lang={data.language}>{data.title}</h2>
            <p className="caption">
              {moment(data.made_at)}
              {data.tags.map((tag) => (
                <Tag key={tag}>{tag}</Tag>
              ))}
            </p>
          </header>
          <div className="knowledgeBody">
            <Markdown text={data.body} lang={data.language} heading="h3" />
          </div>
          {inHand && <Judging contact={contact} reading={data} />}
        </>
      )}
    </article>
  );
}

/** What is chosen of the article, or all of it. */
function wantedOf(reading: Reading): string {
  const selection = document.getSelection();
  const inside = selection?.anchorNode?.parentElement?.closest(".knowledgeBody");
  return (inside && selection?.toString().trim()) || words(reading.body);
}

function Judging({ contact, reading }: { contact: string; reading: Reading }) {
  const client = useQueryClient();
  const [putNow, setPutNow] = useState(false);
  const { mutate, error } = useMutation({
    mutationFn: (body: { helped?: boolean; put?: boolean }) => judgeArticle(contact, reading.id, body),
    onSuccess: (_, body) => client.setQueryData(readingQuery(contact, reading.id).queryKey, { ...reading, ...body }),
  });
  const put = () => {
    if (!insert(wantedOf(reading))) return;
    setPutNow(true);
    mutate({ put: true });
  };
  return (
    <footer className="knowledgeFoot">
      <Button kind="primary" icon={putNow ? Check : ClipboardPen} onPress={put}>
        {putNow ? <Trans>Put into the note</Trans> : <Trans>Put it into the note</Trans>}
      </Button>
      <Button icon={ThumbsUp} pressed={reading.helped === true} onPress={() => mutate({ helped: true })}>
        <Trans>Helped</Trans>
      </Button>
      <Button icon={ThumbsDown} pressed={reading.helped === false} onPress={() => mutate({ helped: false })}>
        <Trans>Did not help</Trans>
      </Button>
      <Refusal error={error} />
    </footer>
  );
}
