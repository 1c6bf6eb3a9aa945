/** What supervisors write to agents: to whom, who has seen it, what was. */
import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Megaphone, Undo2 } from "lucide-react";
import { lazy, Suspense, useState } from "react";

import { withdrawNotice, writtenQuery, type FloorNotice, type WrittenNotice } from "@/api/notices";
import { can, useMe } from "@/api/session";
import type { FloorAgent, FloorQueue } from "@/api/types";
import { Button } from "@/design/Button";
import { Refusal } from "@/design/Refusal";
import { Tag } from "@/design/Tag";
import "@/floor/notices.css";
import { addressed, stillToSee } from "@/floor/shown";
import { clock, moment } from "@/i18n/format";
import { useServerClock } from "@/live/useLive";

const WriteNotice = lazy(() => import("@/floor/WriteNotice").then((module) => ({ default: module.WriteNotice })));

interface Props {
  notices: FloorNotice[];
  agents: FloorAgent[];
  queues: FloorQueue[];
}

export function Notices({ notices, agents, queues }: Props) {
  const { t } = useLingui();
  const may = can(useMe(), "agents.direct");
  const [writing, setWriting] = useState(false);
  const now = useServerClock();
  const { data } = useQuery(writtenQuery(notices.map((one) => one.id).sort()));
  const stands = (one: FloorNotice) => !one.withdrawn_at && Date.parse(one.expires_at) > now;
  const standing = notices.filter(stands).reverse();
  const past = notices.filter((one) => !stands(one)).reverse();
  const words = (notice: FloorNotice) => data?.find((one) => one.id === notice.id);
  if (!may && notices.length === 0) return null;
  return (
    <section className="card notices" aria-label={t`Messages to agents`}>
      <h2 className="heading">
        <Trans>Messages to agents</Trans>
        <span className="muted figures"> {standing.length}</span>
        {may && (
          <Button icon={Megaphone} className="noticeWrite" onPress={() => setWriting(true)}>
            <Trans>Write</Trans>
          </Button>
        )}
      </h2>
      <ul>
        {standing.map((notice) => (
          <Standing key={notice.id} notice={notice} written={words(notice)} agents={agents} queues={queues} may={may} />
        ))}
      </ul>
      {past.length > 0 && (
        <details>
          <summary>
            <Trans>What was written</Trans> <span className="muted figures">{past.length}</span>
          </summary>
          <ul aria-label={t`What was written`}>
            {past.map((notice) => (
              <li key={notice.id}>
                <Said notice={notice} written={words(notice)} agents={agents} queues={queues} />
                <p className="caption">
                  <Plural value={notice.seen.length} one="# agent has seen it" other="# agents have seen it" />
                  {notice.withdrawn_at && (
                    <>
                      {" · "}
                      <Trans>withdrawn</Trans>
                    </>
                  )}
                </p>
              </li>
            ))}
          </ul>
        </details>
      )}
      {writing && (
        <Suspense>
          <WriteNotice queues={queues} close={() => setWriting(false)} />
        </Suspense>
      )}
    </section>
  );
}

interface Row {
  notice: FloorNotice;
  written: WrittenNotice | undefined;
  agents: FloorAgent[];
  queues: FloorQueue[];
}

function Standing({ may, ...row }: Row & { may: boolean }) {
  const { notice, agents } = row;
  const withdraw = useMutation({ mutationFn: () => withdrawNotice(notice.id) });
  const left = stillToSee(notice, agents);
  const seen = notice.seen.length;
  const all = seen + left.length;
  const until = clock(notice.expires_at);
  return (
    <li>
      <Said {...row} />
      <div className="noticeState">
        <details>
          <summary>
            <Tag tone={left.length === 0 && seen > 0 ? "ok" : "plain"}>
              <Trans>
                Seen by {seen} of {all}
              </Trans>
            </Tag>
          </summary>
          <p className="caption">
            {notice.seen.map((one) => (
              <span key={one.id}>
                <bdi>{one.name}</bdi> {clock(one.at)}
              </span>
            ))}
          </p>
          {left.length > 0 && (
            <p className="caption">
              <Trans>Not yet:</Trans> <span className="noticeNames">{left.map((one) => <bdi key={one.id}>{one.name}</bdi>)}</span>
            </p>
          )}
        </details>
        <span className="muted figures">
          <Trans>until {until}</Trans>
        </span>
        {may && (
          <Button kind="bare" icon={Undo2} isPending={withdraw.isPending} onPress={() => withdraw.mutate()}>
            <Trans>Withdraw</Trans>
          </Button>
        )}
      </div>
      <Refusal error={withdraw.error} />
    </li>
  );
}

function Said({ notice, written, agents, queues }: Row) {
  const to = addressed(notice, agents, queues);
  const by = written?.by ?? "";
  const at = moment(notice.at);
  return (
    <div className="noticeSaid">
      <p className="caption">
        {notice.urgent && (
          <Tag tone="bad">
            <Trans>Urgent</Trans>
          </Tag>
        )}{" "}
        <span>
          <span className="figures">{at}</span> <bdi>{by}</bdi> → <span className="noticeNames">{to.length > 0 ? to.map((name, number) => <bdi key={number}>{name}</bdi>) : <Trans>everybody</Trans>}</span>
        </span>
      </p>
      <p className="noticeText" dir="auto">
        {written?.text}
      </p>
    </div>
  );
}
