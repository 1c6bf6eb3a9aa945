/** All flows: what answers which number, what is still a draft; from here one is drawn. */
import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Plus, Trash2, Workflow } from "lucide-react";
import { useState } from "react";

import { deleteFlow, flowsKey, flowsQuery, keepDraft, setTesting, templatesQuery, type FlowList, type FlowTemplate, type ScenarioTests } from "@/api/flows";
import { SetupNav } from "@/configuration/SetupNav";
import { Button, IconButton } from "@/design/Button";
import { Refusal } from "@/design/Refusal";
import { Tag } from "@/design/Tag";
import { Editor } from "@/flows/Editor";
import "@/flows/flows.css";
import { freeId } from "@/flows/freeId";
import { fullMoment } from "@/i18n/format";

export function Flows() {
  const search = useSearch({ from: "/inside/configuration/flows" });
  const navigate = useNavigate({ from: "/configuration/flows" });
  const open = (flow: string | undefined) => void navigate({ search: flow === undefined ? {} : { flow } });
  return search.flow === undefined ? <All open={open} /> : <Editor key={search.flow} flow={search.flow} leave={() => open(undefined)} />;
}

function All({ open }: { open: (flow: string) => void }) {
  const { t, i18n } = useLingui();
  const server = useQueryClient();
  const { data, error } = useQuery(flowsQuery);
  const drawn = useQuery(templatesQuery(i18n.locale));
  const templates = drawn.data?.templates;
  const [adding, setAdding] = useState(false);
  const [asked, setAsked] = useState<string>();
  const remove = useMutation({
    mutationFn: (flow: string) => deleteFlow(flow, data?.version ?? 0),
    onSettled: () => {
      setAsked(undefined);
      return server.invalidateQueries({ queryKey: flowsKey });
    },
  });
  return (
    <div className="page flowList">
      <SetupNav />
      <div className="pageTop">
        <h1>
          <Trans>Flows</Trans>
        </h1>
        <Button kind="primary" icon={Plus} aria-expanded={adding} isDisabled={!data || !templates} onPress={() => setAdding(!adding)}>
          <Trans>New flow</Trans>
        </Button>
      </div>
      <p className="muted">
        <Trans>What customers hear and press before an agent, and instead of one.</Trans>
      </p>
      <Refusal error={error ?? drawn.error ?? remove.error} />
      {adding && data && templates && <NewFlow list={data} templates={templates} open={open} />}
      {data && data.flows.length === 0 && !adding && (
        <div className="blank card flowNone">
          <Workflow size={28} aria-hidden />
          <Trans>No flows yet. Begin with a template: it works as it is.</Trans>
        </div>
      )}
      {data && data.flows.length > 0 && (
        <ul className="card setupList flowTable" aria-label={t`Flows`}>
          {data.flows.map(({ id, name, published, draft, numbers }) => (
            <li key={id}>
              <Button kind="bare" className="setupOpen" onPress={() => open(id)}>
                {name || id}
              </Button>
              <span className="setupMarks">
                {published && <Tag tone="ok">{t`Published`}</Tag>}
                {draft && <Tag tone="info">{t`Draft`}</Tag>}
                {numbers.map((number) => (
                  <span key={number} className="figures muted">
                    {number}
                  </span>
                ))}
              </span>
              <span className="muted flowDraftBy">{draft && [draft.by, fullMoment(draft.saved_at)].filter(Boolean).join(" · ")}</span>
              {asked === id ? (
                <span className="setupMarks">
                  <Button kind="end" autoFocus isPending={remove.isPending} onPress={() => remove.mutate(id)}>
                    <Trans>Delete</Trans>
                  </Button>
                  <Button onPress={() => setAsked(undefined)}>
                    <Trans>Cancel</Trans>
                  </Button>
                </span>
              ) : (
                <IconButton icon={Trash2} name={t`Delete ${name || id}`} onPress={() => setAsked(id)} />
              )}
            </li>
          ))}
        </ul>
      )}
      {data && <Testing list={data} />}
    </div>
  );
}

/** Of all scenarios, drawn ones and those in Python. */
function Testing({ list }: { list: FlowList }) {
  const { t } = useLingui();
  const server = useQueryClient();
  const set = useMutation({ mutationFn: (chosen: ScenarioTests) => setTesting(chosen, list.version), onSettled: () => server.invalidateQueries({ queryKey: flowsKey }) });
  return (
    <div className="field flowTesting">
      <label htmlFor="scenarioTests">
        <Trans>A scenario whose tests do not hold</Trans>
      </label>
      <select id="scenarioTests" className="input" value={list.scenario_tests} disabled={set.isPending} onChange={(event) => set.mutate(event.target.value as ScenarioTests)}>
        <option value="always">{t`cannot be published`}</option>
        <option value="warn">{t`is published with a warning`}</option>
        <option value="never">{t`is published; tests are not run`}</option>
      </select>
      <Refusal error={set.error} />
    </div>
  );
}

function NewFlow({ list, templates, open }: { list: FlowList; templates: FlowTemplate[]; open: (flow: string) => void }) {
  const { t } = useLingui();
  const server = useQueryClient();
  const [name, setName] = useState("");
  const [template, setTemplate] = useState("menu");
  const make = useMutation({
    mutationFn: () => {
      const chosen = templates.find((each) => each.id === template);
      if (!chosen) throw new Error("no template");
      const called = name.trim() || chosen.name;
      const id = freeId(called, list.flows.map((flow) => flow.id).concat(list.plain.map((each) => each.id)));
      return keepDraft({ ...chosen.flow, id, name: called }, list.version, 0).then(() => id);
    },
    onSuccess: async (id) => {
      await server.invalidateQueries({ queryKey: flowsKey });
      open(id);
    },
  });
  return (
    <form
      className="card flowNew"
      onSubmit={(event) => {
        event.preventDefault();
        make.mutate();
      }}
    >
      <div className="field">
        <label htmlFor="flowName">
          <Trans>Name</Trans>
        </label>
        <input id="flowName" className="input" autoFocus maxLength={100} value={name} onChange={(event) => setName(event.target.value)} />
      </div>
      <fieldset className="field">
        <legend className="label">
          <Trans>Begin with</Trans>
        </legend>
        <div className="flowTemplates">
          {templates.map(({ id, name: called, help, flow }) => (
            <label key={id} className="flowTemplate">
              <input type="radio" name="template" value={id} checked={template === id} onChange={() => setTemplate(id)} />
              <span>
                <strong>{called}</strong>
                <span className="muted">
                  {help} {flow.tests && <Plural value={flow.tests.length} one="# test comes with it." other="# tests come with it." />}
                </span>
              </span>
            </label>
          ))}
        </div>
      </fieldset>
      <Refusal error={make.error} />
      <div className="flowAnswers">
        <Button kind="primary" type="submit" isPending={make.isPending}>
          <Trans>Draw</Trans>
        </Button>
      </div>
      <p className="unseen" role="status">{make.isPending ? t`Making it` : ""}</p>
    </form>
  );
}
