/** The whole set-up as a file: seen, changed by a text or an earlier version, planned, applied. */
import { Trans, useLingui } from "@lingui/react/macro";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { CircleX, FileUp, TriangleAlert } from "lucide-react";
import { useRef, useState } from "react";

import { call } from "@/api/client";
import type { ConfigurationPlan, ConfigurationText, ConfigurationVersion } from "@/api/configuration";
import "@/configuration/configuration.css";
import { LeaveGuard } from "@/configuration/LeaveGuard";
import { SetupNav } from "@/configuration/SetupNav";
import { Button } from "@/design/Button";
import { Refusal } from "@/design/Refusal";
import { fullMoment } from "@/i18n/format";

const PATH = "/api/configuration";
const KEY = ["configuration"];
const currentQuery = { queryKey: KEY, queryFn: () => call<ConfigurationText>("GET", PATH) };

export function Configuration() {
  const current = useQuery(currentQuery);
  return (
    <div className="page configuration">
      <SetupNav />
      <h1>
        <Trans>Configuration</Trans>
      </h1>
      <Refusal error={current.error} />
      {current.data && <Editor current={current.data} />}
      <History />
    </div>
  );
}

function Editor({ current }: { current: ConfigurationText }) {
  const { t } = useLingui();
  /** What was typed, over the version that it was compared with; null: what counts is shown. */
  const [draft, setDraft] = useState<{ text: string; over: number } | null>(null);
  const text = draft?.text ?? current.text;
  const unsaved = draft !== null && draft.text !== current.text;
  const [comment, setComment] = useState("");
  const server = useQueryClient();
  const file = useRef<HTMLInputElement>(null);
  const area = useRef<HTMLTextAreaElement>(null);
  const plan = useMutation({
    mutationFn: async (wanted: string) => {
      const now = await server.query({ ...currentQuery, staleTime: 0 });
      if (draft) setDraft({ text: wanted, over: now.version });
      return call<ConfigurationPlan>("POST", `${PATH}/plan`, { text: wanted });
    },
  });
  const apply = useMutation({
    mutationFn: () => call<ConfigurationPlan>("PUT", PATH, { text, comment }, draft?.over ?? current.version),
    onSuccess: async () => {
      await server.invalidateQueries({ queryKey: KEY });
      throwAway();
      setComment("");
    },
    // A colleague was first: what counts now is told beside the refusal.
    onError: () => server.invalidateQueries({ queryKey: KEY }),
  });
  const write = (wanted: string) => {
    setDraft({ text: wanted, over: draft?.over ?? current.version });
    plan.reset();
    apply.reset();
  };
  const throwAway = () => {
    setDraft(null);
    plan.reset();
    apply.reset();
  };
  const compare = () => {
    apply.reset();
    plan.mutate(text);
  };
  const open = async (chosen: File | undefined) => chosen && write(await chosen.text());
  const found = plan.data;
  const fit = found && found.changes.length > 0 && found.faults.every((fault) => fault.warning);
  const { version } = current;

  return (
    <section className="card configurationEditor" aria-label={t`Configuration`}>
      <p className="muted">
        <Trans>Version {version}</Trans>
        {" · "}
        {[fullMoment(current.made_at), current.by, current.comment].filter(Boolean).join(" · ")}
      </p>
      <textarea
        ref={area}
        className="input configurationText"
        aria-label={t`The whole set-up as YAML`}
        spellCheck={false}
        rows={24}
        value={text}
        onChange={(event) => write(event.target.value)}
      />
      <div className="configurationActions">
        <input ref={file} type="file" accept=".yaml,.yml" hidden onChange={(event) => void open(event.target.files?.[0])} />
        <Button icon={FileUp} onPress={() => file.current?.click()}>
          <Trans>Choose a file</Trans>
        </Button>
        <Button kind={fit ? undefined : "primary"} isPending={plan.isPending} onPress={compare}>
          <Trans>Show the changes</Trans>
        </Button>
        {unsaved && (
          <Button kind="bare" onPress={throwAway}>
            <Trans>Throw the draft away</Trans>
          </Button>
        )}
      </div>
      {unsaved && draft.over !== version && (
        <p role="status">
          <Trans>Version {version} was applied while you were typing. “Show the changes” compares your text with it.</Trans>
        </p>
      )}
      <LeaveGuard unsaved={unsaved}>
        <Trans>The text is not applied yet.</Trans>
      </LeaveGuard>
      <Refusal error={plan.error} />
      {found && <Findings plan={found} show={(line) => select(area.current, line)} />}
      {fit && (
        <div className="configurationActions">
          <input
            className="input configurationWhy"
            aria-label={t`Why it is changed`}
            placeholder={t`Why it is changed`}
            maxLength={500}
            value={comment}
            onChange={(event) => setComment(event.target.value)}
          />
          <Button kind="primary" isPending={apply.isPending} onPress={() => apply.mutate()}>
            <Trans>Apply</Trans>
          </Button>
        </div>
      )}
      <Refusal error={apply.error} />
    </section>
  );
}

/** Put the cursor on the line (from 1) and bring it into view. */
function select(area: HTMLTextAreaElement | null, line: number): void {
  if (!area) return;
  const lines = area.value.split("\n");
  const start = lines.slice(0, line - 1).reduce((sum, each) => sum + each.length + 1, 0);
  area.focus();
  area.setSelectionRange(start, start + (lines[line - 1]?.length ?? 0));
  area.scrollTop = (area.scrollHeight / lines.length) * Math.max(0, line - 6);
}

const shown = (value: unknown) => {
  const text = JSON.stringify(value);
  return text.length > 160 ? `${text.slice(0, 159)}…` : text;
};

function Findings({ plan: { changes, faults }, show }: { plan: ConfigurationPlan; show: (line: number) => void }) {
  const { t } = useLingui();
  return (
    <div role="status" className="configurationFindings">
      {faults.map((fault, number) => (
        <p key={number} className={fault.warning ? "warning" : "fault"}>
          {fault.warning ? <TriangleAlert size={16} aria-label={t`Warning`} /> : <CircleX size={16} aria-label={t`Fault`} />}
          {fault.line !== null && <LineLink line={fault.line} show={show} />}
          <span>
            <code>{fault.place}</code> {fault.message}
          </span>
        </p>
      ))}
      {changes.length > 0 && (
        <ul aria-label={t`Changes`}>
          {changes.map(({ kind, place, before, after }) => (
            <li key={`${kind}${place}`} className={{ "+": "added", "-": "removed", "~": "changed" }[kind]}>
              <code>
                {kind} {place}: {kind === "~" ? `${shown(before)} → ${shown(after)}` : shown(kind === "+" ? after : before)}
              </code>
            </li>
          ))}
        </ul>
      )}
      {changes.length === 0 && faults.every((fault) => fault.warning) && (
        <p className="muted">
          <Trans>Nothing changes.</Trans>
        </p>
      )}
    </div>
  );
}

function LineLink({ line, show }: { line: number; show: (line: number) => void }) {
  return (
    <Button kind="bare" className="configurationLine" onPress={() => show(line)}>
      <Trans>line {line}</Trans>
    </Button>
  );
}

function History() {
  const { t } = useLingui();
  const server = useQueryClient();
  const { data } = useQuery({
    queryKey: [...KEY, "versions"],
    queryFn: () => call<{ versions: ConfigurationVersion[] }>("GET", `${PATH}/versions`),
  });
  const newest = data?.versions[0]?.version;
  const restore = useMutation({
    mutationFn: (version: number) => call("POST", `${PATH}/rollback`, { version }, newest),
    onSuccess: () => server.invalidateQueries({ queryKey: KEY }),
  });
  return (
    <section className="card configurationHistory">
      <h2 className="heading">
        <Trans>Versions</Trans>
      </h2>
      <Refusal error={restore.error} />
      <table className="table" aria-label={t`Versions`}>
        <tbody>
          {data?.versions.map(({ version, made_at, by, comment }) => (
            <tr key={version}>
              <td className="figures">{version}</td>
              <td className="figures">{fullMoment(made_at)}</td>
              <td>{by ?? "–"}</td>
              <td>{comment}</td>
              <td className="end">
                {version !== newest && (
                  <Button isPending={restore.isPending && restore.variables === version} onPress={() => restore.mutate(version)}>
                    <Trans>Apply again</Trans>
                  </Button>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
