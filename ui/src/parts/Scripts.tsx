/** All talk scripts: how long they are, which queues have them; from here one is edited. */
import { Trans, useLingui } from "@lingui/react/macro";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { MessageSquareText, Plus, Trash2 } from "lucide-react";
import { useState } from "react";

import { LeaveGuard } from "@/configuration/LeaveGuard";
import { SetupNav } from "@/configuration/SetupNav";
import { Button, IconButton } from "@/design/Button";
import { Refusal } from "@/design/Refusal";
import { Tag } from "@/design/Tag";
import { PublishedToWhom, ScriptEditor, type ScriptsEditing } from "@/parts/ScriptEditor";
import { emptyStep, scriptId, type ScriptQueue, type Script, type Scripts as Content } from "@/parts/script";
import { NewNamed } from "@/setup/NewNamed";
import { ProblemsTag } from "@/setup/ProblemsTag";
import { PartActions } from "@/setup/Publish";
import "@/setup/setup.css";
import { useSetupPart } from "@/setup/useSetupPart";

export function Scripts() {
  const search = useSearch({ from: "/inside/configuration/scripts" });
  const navigate = useNavigate({ from: "/configuration/scripts" });
  const { editing, error } = useSetupPart<Content, ScriptQueue>("talk-scripts");
  const open = (script: string | undefined) => void navigate({ search: script === undefined ? {} : { script } });
  const number = editing?.value.talk_scripts.findIndex(({ id }) => id === search.script) ?? -1;
  return (
    <>
      {!editing ? (
        <div className="page partList">
          <SetupNav />
          <Refusal error={error} />
        </div>
      ) : number < 0 ? (
        <All editing={editing} open={open} />
      ) : (
        <ScriptEditor key={search.script} editing={editing} number={number} leave={() => open(undefined)} />
      )}
      <LeaveGuard unsaved={editing?.unsaved ?? false} within="/configuration/scripts">
        <Trans>What was changed in the talk scripts is not published.</Trans>
      </LeaveGuard>
    </>
  );
}

function All({ editing, open }: { editing: ScriptsEditing; open: (script: string) => void }) {
  const { t } = useLingui();
  const [adding, setAdding] = useState(false);
  const scripts = editing.value.talk_scripts;
  return (
    <div className="page partList">
      <SetupNav />
      <div className="pageTop">
        <h1>
          <Trans>Talk scripts</Trans>
        </h1>
        <span className="partTools">
          <PartActions part="talk-scripts" editing={editing}>
            <PublishedToWhom />
          </PartActions>
          <Button icon={Plus} aria-expanded={adding} onPress={() => setAdding(!adding)}>
            <Trans>New talk script</Trans>
          </Button>
        </span>
      </div>
      <p className="muted">
        <Trans>What agents say and ask, step by step, in the middle of the desk.</Trans>
      </p>
      <Refusal error={editing.error} />
      {adding && (
        <NewNamed
          usual={t`Talk script`}
          submit={t`Write`}
          add={(name) => {
            const script = { id: scriptId(name, scripts.map(({ id }) => id)), name, steps: [emptyStep("step-1")] };
            editing.change({ value: { talk_scripts: [...scripts, script] } });
            open(script.id);
          }}
        />
      )}
      {scripts.length === 0 && !adding && (
        <div className="blank card">
          <MessageSquareText size={28} aria-hidden />
          <Trans>No talk scripts yet.</Trans>
        </div>
      )}
      {scripts.length > 0 && (
        <ul className="card setupList partTable" aria-label={t`Talk scripts`}>
          {scripts.map((script, number) => (
            <Row key={script.id} script={script} number={number} editing={editing} open={open} />
          ))}
        </ul>
      )}
    </div>
  );
}

function Row({ script, number, editing, open }: { script: Script; number: number; editing: ScriptsEditing; open: (script: string) => void }) {
  const { t } = useLingui();
  const [asked, setAsked] = useState(false);
  const own = editing.problems.filter(({ place }) => place.startsWith(`talk_scripts[${number}]`));
  const steps = script.steps.length;
  const take = () =>
    editing.change({
      value: { talk_scripts: editing.value.talk_scripts.filter(({ id }) => id !== script.id) },
      queues: editing.queues.map((queue) => (queue.talk_script === script.id ? { ...queue, talk_script: null } : queue)),
    });
  return (
    <li>
      <Button kind="bare" className="setupOpen" onPress={() => open(script.id)}>
        {script.name || script.id}
      </Button>
      <span className="setupMarks">
        {editing.queues
          .filter(({ talk_script }) => talk_script === script.id)
          .map(({ id, name }) => (
            <Tag key={id}>{name}</Tag>
          ))}
        <ProblemsTag problems={own} />
      </span>
      <span className="muted">{t`Steps: ${steps}`}</span>
      {asked ? (
        <span className="setupMarks">
          <Button kind="end" autoFocus onPress={take}>
            <Trans>Delete</Trans>
          </Button>
          <Button onPress={() => setAsked(false)}>
            <Trans>Cancel</Trans>
          </Button>
        </span>
      ) : (
        <IconButton icon={Trash2} name={t`Delete ${script.name || script.id}`} onPress={() => setAsked(true)} />
      )}
    </li>
  );
}
