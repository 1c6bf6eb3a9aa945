/** Scenarios written in Python: what answers which number, what went wrong last; from here the code is opened. */
import { Trans, useLingui } from "@lingui/react/macro";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { FileCode2, Plus, Trash2 } from "lucide-react";
import { useState } from "react";

import { deleteHandler, handlersKey, handlersQuery, saveHandler, type HandlerList } from "@/api/handlers";
import { SetupNav } from "@/configuration/SetupNav";
import { Button, IconButton } from "@/design/Button";
import { Refusal } from "@/design/Refusal";
import { Tag } from "@/design/Tag";
import { freeId } from "@/flows/freeId";
import { CodeEditor } from "@/handlers/CodeEditor";
import { Faults } from "@/handlers/Faults";
import "@/handlers/handlers.css";
import { beginning } from "@/handlers/beginning";
import { fullMoment } from "@/i18n/format";

export function Handlers() {
  const search = useSearch({ from: "/inside/configuration/handlers" });
  const navigate = useNavigate({ from: "/configuration/handlers" });
  const open = (handler: string | undefined) => void navigate({ search: handler === undefined ? {} : { handler } });
  return search.handler === undefined ? <All open={open} /> : <CodeEditor key={search.handler} handler={search.handler} leave={() => open(undefined)} />;
}

function All({ open }: { open: (handler: string) => void }) {
  const { t } = useLingui();
  const server = useQueryClient();
  const { data, error } = useQuery(handlersQuery);
  const [adding, setAdding] = useState(false);
  const [asked, setAsked] = useState<string>();
  const remove = useMutation({
    mutationFn: (handler: string) => deleteHandler(handler, data?.version ?? 0),
    onSettled: () => {
      setAsked(undefined);
      return server.invalidateQueries({ queryKey: handlersKey });
    },
  });
  return (
    <div className="page handlerList">
      <SetupNav />
      <div className="pageTop">
        <h1>
          <Trans>Python scenarios</Trans>
        </h1>
        <Button kind="primary" icon={Plus} aria-expanded={adding} isDisabled={!data} onPress={() => setAdding(!adding)}>
          <Trans>New Python scenario</Trans>
        </Button>
      </div>
      <p className="muted">
        <Trans>What a flow cannot draw is written in Python. The code runs by itself, without network and files: whatever it does, no call is lost.</Trans>
      </p>
      <Refusal error={error ?? remove.error} />
      {adding && data && <NewHandler list={data} open={open} />}
      {data && data.handlers.length === 0 && !adding && (
        <div className="blank card">
          <FileCode2 size={28} aria-hidden />
          <Trans>No Python scenarios yet.</Trans>
        </div>
      )}
      {data && data.handlers.length > 0 && (
        <ul className="card setupList handlerTable" aria-label={t`Python scenarios`}>
          {data.handlers.map(({ id, name, numbers, last_fault }) => (
            <li key={id}>
              <Button kind="bare" className="setupOpen" onPress={() => open(id)}>
                {name || id}
              </Button>
              <span className="setupMarks">
                {numbers.map((number) => (
                  <span key={number} className="figures muted">
                    {number}
                  </span>
                ))}
                {numbers.length === 0 && <Tag>{t`No number leads here`}</Tag>}
              </span>
              <span className="setupMarks">
                {last_fault && (
                  <Tag tone="bad" dotted>
                    <Trans>Failed</Trans> {fullMoment(last_fault)}
                  </Tag>
                )}
              </span>
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
      {data && <Faults faults={data.faults} named />}
    </div>
  );
}

function NewHandler({ list, open }: { list: HandlerList; open: (handler: string) => void }) {
  const { t, i18n } = useLingui();
  const server = useQueryClient();
  const [name, setName] = useState("");
  const queue = list.queues[0]?.id ?? "";
  const make = useMutation({
    mutationFn: async () => {
      const called = name.trim() || t`Python scenario`;
      const id = freeId(called, list.taken);
      await saveHandler(id, { name: called, language: i18n.locale, otherwise: queue, code: beginning(i18n, queue), written: false, tests: [], comment: `+ ${id}`, entry_points: [] }, list.version);
      return id;
    },
    onSuccess: async (id) => {
      await server.invalidateQueries({ queryKey: handlersKey });
      open(id);
    },
  });
  return (
    <form
      className="card handlerNew"
      onSubmit={(event) => {
        event.preventDefault();
        make.mutate();
      }}
    >
      <div className="field">
        <label htmlFor="handlerName">
          <Trans>Name</Trans>
        </label>
        <input id="handlerName" className="input" autoFocus maxLength={100} value={name} onChange={(event) => setName(event.target.value)} />
      </div>
      <Button kind="primary" type="submit" isPending={make.isPending}>
        <Trans>Write</Trans>
      </Button>
      <Refusal error={make.error} />
    </form>
  );
}
