/** Music of queues: what plays where, and what was handed in and is used by none, until it is cleared. */
import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";

import { Refusal } from "@/design/Refusal";
import { Tag } from "@/design/Tag";
import { day, duration } from "@/i18n/format";
import { Listen } from "@/prompts/Listen";
import { musicQuery, type HandedIn } from "@/prompts/prompts";

export function MusicList() {
  const { t } = useLingui();
  const query = useQuery(musicQuery);
  if (query.error) return <Refusal error={query.error} />;
  if (!query.data) return null;
  if (query.data.length === 0) {
    return (
      <p className="card promptsNone muted">
        <Trans>No queue has music of its own. It is handed in where a queue says what is heard while one waits.</Trans>
      </p>
    );
  }
  return (
    <ul className="promptsList card" aria-label={t`Music of queues`}>
      {query.data.map((music) => (
        <Row key={music.recording} music={music} />
      ))}
    </ul>
  );
}

function Row({ music }: { music: HandedIn }) {
  const { t } = useLingui();
  const name = music.name || music.recording.slice(0, 8);
  return (
    <li className="prompt">
      <div className="promptText">
        <p className="promptWords">{name}</p>
        <p className="promptFacts">
          <span className="caption">{duration(music.seconds)}</span>
          {music.queues.length > 0 ? <span className="caption">{music.queues.join(", ")}</span> : <Unused cleared={music.cleared_at} />}
        </p>
      </div>
      <Listen url={`/api/prompts/music/${music.recording}`} name={t`Hear ${name}`} />
    </li>
  );
}

function Unused({ cleared }: { cleared: string | null }) {
  return (
    <>
      <Tag tone="warn">
        <Trans>Not used</Trans>
      </Tag>
      <span className="caption">{cleared ? <Trans>It is deleted on {day(cleared)}, unless a queue plays it by then</Trans> : <Trans>Kept for earlier versions of the set-up</Trans>}</span>
    </>
  );
}
