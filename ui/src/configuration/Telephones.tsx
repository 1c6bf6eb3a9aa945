/** Accounts of desk telephones: made, shown once, renewed, taken away. */
import { Trans, useLingui } from "@lingui/react/macro";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { KeyRound, RotateCw, Unplug } from "lucide-react";

import { call } from "@/api/client";
import "@/configuration/configuration.css";
import { SetupNav } from "@/configuration/SetupNav";
import "@/configuration/telephones.css";
import { Button } from "@/design/Button";
import { Refusal } from "@/design/Refusal";
import { Tag } from "@/design/Tag";
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

/** As they stand in the file. */
const DESK = "desk_telephone: true";
const OUTSIDE = "outside_number: '+…'";
const PATH = "/api/telephones";
const KEY = ["telephones"] as const;

export function Telephones() {
  const { t } = useLingui();
  const server = useQueryClient();
  const { data } = useQuery({ queryKey: KEY, queryFn: () => call<{ server: string; agents: AgentsTelephone[] }>("GET", PATH) });
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
            Agents may take calls at a desk telephone in place of the page, or at a number outside. Both are allowed in the file: {DESK} and {OUTSIDE}.
          </Trans>
        </p>
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
  return (
    <tr>
      <td>
        <strong>{of.name}</strong> <span className="muted">{of.login}</span>
      </td>
      <td>
        {of.user !== null && of.made_at !== null ? (
          <>
            <code>{of.user}</code> <span className="muted">{moment(of.made_at)}</span>{" "}
            {!of.allowed && (
              <Tag tone="warn">
                <Trans>Not allowed in the set-up</Trans>
              </Tag>
            )}
          </>
        ) : (
          <span className="muted">{of.allowed ? <Trans>No account yet</Trans> : <Trans>Not allowed in the set-up</Trans>}</span>
        )}
      </td>
      <td className="figures">{of.outside_number ? phone(of.outside_number) : <span className="muted">–</span>}</td>
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
