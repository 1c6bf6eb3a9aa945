/** What callers hear from the machine, text by text: spoken by a voice, or recorded by a person here and now. */
import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { Braces } from "lucide-react";
import { useState } from "react";

import { SetupNav } from "@/configuration/SetupNav";
import { Choice } from "@/design/Choice";
import { Refusal } from "@/design/Refusal";
import { Tag } from "@/design/Tag";
import { duration } from "@/i18n/format";
import { Hand } from "@/prompts/Hand";
import { MusicList } from "@/prompts/MusicList";
import { promptsQuery, type Prompt } from "@/prompts/prompts";
import "@/prompts/prompts.css";

type Shown = "all" | "voice" | "recorded" | "music";

const fits = (prompt: Prompt, shown: Shown) =>
  shown === "all" || (shown !== "music" && (shown === "recorded" ? prompt.recording !== null : prompt.recording === null && !prompt.varies));

export function Prompts() {
  const { t } = useLingui();
  const [shown, setShown] = useState<Shown>("all");
  const [sought, setSought] = useState("");
  const [open, setOpen] = useState<string | null>(null);
  const query = useQuery(promptsQuery);
  const all = query.data ?? [];
  const recorded = all.filter((prompt) => prompt.recording).length;
  const words = sought.trim().toLowerCase();
  const found = all.filter(
    (prompt) => prompt.id === open || (fits(prompt, shown) && `${prompt.text} ${prompt.places.join(" ")}`.toLowerCase().includes(words)),
  );
  const total = all.length;
  return (
    <div className="page prompts">
      <SetupNav />
      <header>
        <h1>
          <Trans>Prompts</Trans>
        </h1>
        <p className="muted">
          <Trans>
            Everything that the machine says. A voice speaks it until a person records it; a changed text is spoken by the voice again.
          </Trans>
        </p>
      </header>
      <Refusal error={query.error} />
      {query.data && (
        <>
          <div className="promptsBar">
            <Choice
              name={t`Which texts`}
              value={shown}
              choose={setShown}
              options={[
                { id: "all", name: t`All`, short: t`All` },
                { id: "voice", name: t`Spoken by a voice`, short: t`By a voice` },
                { id: "recorded", name: t`Recorded`, short: t`Recorded` },
                { id: "music", name: t`Music of queues`, short: t`Music` },
              ]}
            />
            {shown !== "music" && (
              <>
                <input
                  type="search"
                  className="input"
                  aria-label={t`Find a text or its place`}
                  placeholder={t`Find a text or its place`}
                  value={sought}
                  onChange={(event) => setSought(event.target.value)}
                />
                <span className="muted figures" role="status">
                  <Trans>
                    {recorded} of {total} recorded
                  </Trans>
                </span>
              </>
            )}
          </div>
          {found.length === 0 ? (
            shown !== "music" && <p className="card promptsNone muted">{total === 0 ? <Trans>The machine says nothing yet.</Trans> : <Trans>No such text.</Trans>}</p>
          ) : (
            <ul className="promptsList card">
              {found.map((prompt) => (
                <Row key={prompt.id} prompt={prompt} open={open === prompt.id} setOpen={setOpen} />
              ))}
            </ul>
          )}
          {shown === "music" && <MusicList />}
        </>
      )}
    </div>
  );
}

function Row({ prompt, open, setOpen }: { prompt: Prompt; open: boolean; setOpen: (id: string | null) => void }) {
  const [first, ...others] = prompt.places;
  const more = others.length;
  const place = usePlace(first);
  return (
    <li className={open ? "prompt open" : "prompt"}>
      <div className="promptText">
        <p className="promptWords" lang={prompt.language}>
          {prompt.text}
        </p>
        <p className="promptFacts">
          <Tag>{prompt.language}</Tag>
          {place === undefined ? (
            <Tag tone="warn">
              <Trans>No longer said</Trans>
            </Tag>
          ) : (
            <span className="caption">{place}</span>
          )}
          {more > 0 && (
            <span className="caption">
              <Plural value={more} one="and # more place" other="and # more places" />
            </span>
          )}
          {prompt.recording !== null && (
            <Tag tone="ok" dotted>
              <Trans>Recorded</Trans> {duration(prompt.seconds ?? 0)}
            </Tag>
          )}
          {prompt.varies && (
            <span className="caption promptVaries">
              <Braces size={14} aria-hidden />
              <Trans>Has values in it: a voice speaks it</Trans>
            </span>
          )}
        </p>
      </div>
      <Hand prompt={prompt} setOpen={setOpen} />
    </li>
  );
}

/** "flows/orders/Order number/wrong" as a person would say it. */
function usePlace(path: string | undefined): string | undefined {
  const { t } = useLingui();
  if (path === undefined) return undefined;
  const words: Record<string, string> = {
    program: t`Words of the program`,
    greeting: t`Greeting`,
    prompt: t`Menu`,
    wrong_choice: t`After a wrong key`,
    opening: t`Greeting`,
    text: "",
    wrong: t`After a wrong key`,
    silence: t`After no key`,
    entered: t`Before the number is read back`,
    right: t`After it`,
    messages: t`While they wait`,
    exits_announced: t`Keys in the queue`,
    announced: t`Keys in the queue`,
    callback: t`Callback`,
    accepted: t`Accepted`,
    impossible: t`Impossible`,
    reject: t`Turned away`,
    rules: t`Rule`,
    otherwise: "",
    exits: t`Key`,
    to: "",
  };
  const parts = path.split("/");
  const shown = parts.length > 1 ? parts.slice(1) : parts;
  // The tenant's own names come first, and are never translated.
  return shown.map((part, at) => (at === 0 && parts.length > 1 ? part : (words[part] ?? part))).filter(Boolean).join(" › ");
}
