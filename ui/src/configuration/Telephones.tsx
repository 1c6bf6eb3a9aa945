/** Who may work at a desk telephone or a number outside; accounts of telephones: made, shown once, renewed, taken away. */
import { Trans, useLingui } from "@lingui/react/macro";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Check, KeyRound, RotateCw, Unplug } from "lucide-react";
import { useState } from "react";

import { call } from "@/api/client";
import "@/configuration/configuration.css";
import { SetupNav } from "@/configuration/SetupNav";
import "@/configuration/telephones.css";
import { Button } from "@/design/Button";
import { Refusal } from "@/design/Refusal";
import { Confirm } from "@/floor/Confirm";
import { moment, phone } from "@/i18n/format";

interface AgentsTelephone {
  agent: string;
  name: string;
  login: string;
  /** The set-up says `desk_telephone`. */
  allowed: boolean;
  outside_number: string;
  user: string | null;
  made_at: string | null;
}

interface Made {
  user: string;
  password: string;
  server: string;
}

const PATH = "/api/telephones";
const KEY = ["telephones"] as const;

export function Telephones() {
  const { t } = useLingui();
  const server = useQueryClient();
  const { data } = useQuery({ queryKey: KEY, queryFn: () => call<{ server: string; calls_out: boolean; agents: AgentsTelephone[] }>("GET", PATH) });
  const again = () => server.invalidateQueries({ queryKey: KEY });
  const make = useMutation({ mutationFn: (agent: string) => call<Made>("POST", `${PATH}/${agent}`, {}), onSuccess: again });
  const remove = useMutation({ mutationFn: (agent: string) => call("DELETE", `${PATH}/${agent}`), onSuccess: again });
  const name = data?.agents.find((each) => each.agent === make.variables)?.name ?? "";
  return (
    <div className="page configuration">
      <SetupNav />
      <h1>
        <Trans>Telephones</Trans>
      </h1>
      <section className="card telephones" aria-label={t`Telephones`}>
        <p className="muted">
          <Trans>
            Agents may take calls at a desk telephone in place of the page, or at a number outside, as far as it is allowed here. They choose at the start of the shift and between calls.
          </Trans>
        </p>
        {data && !data.calls_out && (
          <p className="muted">
            <Trans>No trunk for calls out is connected: numbers outside cannot be called yet.</Trans>
          </p>
        )}
        <Refusal error={make.error ?? remove.error} />
        {make.data && <Account made={make.data} name={name} />}
        {data && (
          <div className="telephonesTable">
            <table className="table" aria-label={t`Telephones`}>
              <thead>
                <tr>
                  <th>{t`Agent`}</th>
                  <th>{t`Desk telephone`}</th>
                  <th>{t`Number outside`}</th>
                  <th>
                    <span className="unseen">{t`What can be done`}</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {data.agents.map((each) => (
                  <Row key={each.agent} of={each} make={() => make.mutate(each.agent)} making={make.isPending && make.variables === each.agent} remove={() => remove.mutate(each.agent)} />
                ))}
              </tbody>
            </table>
          </div>
        )}
      </section>
    </div>
  );
}

function Row({ of, make, making, remove }: { of: AgentsTelephone; make: () => void; making: boolean; remove: () => void }) {
  const { t } = useLingui();
  const { name } = of;
  const [typed, setTyped] = useState<string | null>(null);
  const server = useQueryClient();
  const allow = useMutation({
    mutationFn: (allowed: { desk_telephone?: boolean; outside_number?: string }) => call("PATCH", `${PATH}/${of.agent}`, allowed),
    onSuccess: async (_, allowed) => {
      await server.invalidateQueries({ queryKey: KEY });
      if (allowed.outside_number !== undefined) setTyped(null);
    },
  });
  const allowed = allow.isPending ? (allow.variables.desk_telephone ?? of.allowed) : of.allowed;
  const save = () => typed !== null && allow.mutate({ outside_number: typed });
  return (
    <tr>
      <td>
        <strong>{name}</strong> <span className="muted">{of.login}</span>
      </td>
      <td>
        <label className="telephoneAllowed">
          <input type="checkbox" aria-label={t`Desk telephone allowed: ${name}`} checked={allowed} disabled={allow.isPending} onChange={(event) => allow.mutate({ desk_telephone: event.target.checked })} />
          <Trans>Allowed</Trans>
        </label>
        {of.user !== null && of.made_at !== null && (
          <span className="telephoneAccount">
            <code>{of.user}</code> <span className="muted">{moment(of.made_at)}</span>
          </span>
        )}
        {of.user === null && of.allowed && (
          <span className="telephoneAccount muted">
            <Trans>No account yet</Trans>
          </span>
        )}
      </td>
      <td data-label={t`Number outside`}>
        <form
          className="telephoneOutside"
          onSubmit={(event) => {
            event.preventDefault();
            save();
          }}
        >
          <input
            className="input figures"
            type="tel"
            maxLength={40}
            aria-label={t`Number outside: ${name}`}
            value={typed ?? (of.outside_number && phone(of.outside_number))}
            onChange={(event) => setTyped(event.target.value)}
            onKeyDown={(event) => event.key === "Escape" && setTyped(null)}
          />
          {typed !== null && (
            <Button type="submit" icon={Check} isPending={allow.isPending}>
              <Trans>Save</Trans>
            </Button>
          )}
        </form>
        <Refusal error={allow.error} />
      </td>
      <td className="end">
        {of.user === null && of.allowed && (
          <Button icon={KeyRound} isPending={making} onPress={make}>
            <Trans>Make an account</Trans>
          </Button>
        )}
        {of.user !== null && (
          <span className="telephonesActions">
            <Confirm icon={RotateCw} name={<Trans>New password</Trans>} question={<Trans>The telephone loses its connection until the new account is typed into it.</Trans>} act={make} />
            <Confirm icon={Unplug} name={<Trans>Take away</Trans>} question={<Trans>The telephone can register no more.</Trans>} act={remove} />
          </span>
        )}
      </td>
    </tr>
  );
}

/** The password is kept nowhere, so it is shown here and never again. */
function Account({ made, name }: { made: Made; name: string }) {
  const { t } = useLingui();
  const fields: [string, string][] = [
    [t`Server`, made.server || t`the address of your Asterisk`],
    [t`User name`, made.user],
    [t`Password`, made.password],
    [t`Transport`, "UDP / TCP"],
  ];
  return (
    <div role="status" className="telephoneMade">
      <p>
        <Trans>Type this into the telephone of {name}. The password is shown only now.</Trans>
      </p>
      <dl>
        {fields.map(([field, value]) => (
          <div key={field}>
            <dt>{field}</dt>
            <dd>
              <code>{value}</code>
            </dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
