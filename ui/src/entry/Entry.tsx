/** The numbers that are called, and what decides where a caller goes. */
import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { PhoneIncoming, Plus, Trash2 } from "lucide-react";
import { useState } from "react";

import { LeaveGuard } from "@/configuration/LeaveGuard";
import { SetupNav } from "@/configuration/SetupNav";
import { Button, IconButton } from "@/design/Button";
import { Refusal } from "@/design/Refusal";
import "@/entry/entry.css";
import { EntryEditor, PublishedEntry, type EntryEditing } from "@/entry/EntryEditor";
import { emptyEntryPoint, type EntryPoint } from "@/entry/rule";
import "@/hours/hours.css";
import { spoken } from "@/i18n/language";
import "@/queues/queues.css";
import { freshIdOf } from "@/setup/freshId";
import { NewNamed } from "@/setup/NewNamed";
import { Problems } from "@/setup/Problems";
import { ProblemsTag } from "@/setup/ProblemsTag";
import { PartActions } from "@/setup/Publish";
import "@/setup/setup.css";
import { useSetupPart } from "@/setup/useSetupPart";

export function Entry() {
  const search = useSearch({ from: "/inside/configuration/entry" });
  const navigate = useNavigate({ from: "/configuration/entry" });
  const { editing, error } = useSetupPart<EntryPoint[]>("entry_points");
  const open = (number: string | undefined) => void navigate({ search: number === undefined ? {} : { number } });
  const number = editing?.value.findIndex(({ id }) => id === search.number) ?? -1;
  return (
    <>
      {!editing ? (
        <div className="page partList">
          <SetupNav />
          <h1>
            <Trans>Numbers and rules</Trans>
          </h1>
          <Refusal error={error} />
        </div>
      ) : number < 0 ? (
        <All editing={editing} open={open} />
      ) : (
        <EntryEditor key={search.number} editing={editing} number={number} leave={() => open(undefined)} />
      )}
      <LeaveGuard unsaved={editing?.unsaved ?? false} within="/configuration/entry">
        <Trans>What was changed in the rules is not published.</Trans>
      </LeaveGuard>
    </>
  );
}

function All({ editing, open }: { editing: EntryEditing; open: (number: string) => void }) {
  const { t } = useLingui();
  const [adding, setAdding] = useState(false);
  const elsewhere = editing.problems.filter(({ place }) => !place.startsWith("entry_points["));
  const flows = new Map(editing.opened.names["scenarios"]?.map((each) => [each.id, each[spoken()]]));
  return (
    <div className="page partList">
      <SetupNav />
      <div className="pageTop">
        <h1>
          <Trans>Numbers and rules</Trans>
        </h1>
        <span className="partTools">
          <PartActions part="entry_points" editing={editing}>
            <PublishedEntry />
          </PartActions>
          <Button icon={Plus} aria-expanded={adding} onPress={() => setAdding(!adding)}>
            <Trans>New number</Trans>
          </Button>
        </span>
      </div>
      <p className="muted">
        <Trans>Which number, which caller and which hour lead where.</Trans>
      </p>
      <Refusal error={editing.error} />
      {elsewhere.length > 0 && <Problems problems={elsewhere} where={({ place }) => place || "–"} jump={() => undefined} />}
      {adding && (
        <NewNamed
          usual={t`Number`}
          submit={t`Create`}
          add={(name) => {
            const id = freshIdOf(name, "number", editing.value.map((each) => each.id));
            const made = emptyEntryPoint(id, name, editing.opened.names["scenarios"]?.[0]?.id ?? "", Intl.DateTimeFormat().resolvedOptions().timeZone);
            editing.change({ value: [...editing.value, made] });
            open(id);
          }}
        />
      )}
      {editing.value.length === 0 && !adding && (
        <div className="blank card">
          <PhoneIncoming size={28} aria-hidden />
          <Trans>No numbers yet.</Trans>
        </div>
      )}
      {editing.value.length > 0 && (
        <ul className="card setupList partTable queueList" aria-label={t`Numbers and rules`}>
          {editing.value.map((entry, at) => {
            const own = editing.at(`entry_points[${at}]`);
            const called = entry.name || entry.number || entry.id;
            return (
              <li key={entry.id}>
                <Button kind="bare" className="setupOpen" onPress={() => open(entry.id)}>
                  {called}
                </Button>
                <span className="queueSummary">
                  <span className="figures">{entry.number}</span>
                  <span className="caption">
                    <Plural value={entry.rules.length} one="# rule" other="# rules" /> · {flows.get(entry.scenario) ?? entry.scenario}
                  </span>
                </span>
                <span className="setupMarks"><ProblemsTag problems={own} /></span>
                <IconButton icon={Trash2} name={t`Delete ${called}`} onPress={() => editing.change({ value: editing.value.filter((each) => each !== entry) })} />
              </li>
            );
          })}
        </ul>
      )}
    </div>
  );
}
