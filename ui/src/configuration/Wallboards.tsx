/** Links for screens on the wall: made, shown once, revoked. */
import { Trans, useLingui } from "@lingui/react/macro";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Copy, Plus, Unlink } from "lucide-react";
import { useState, type SubmitEvent } from "react";

import { call } from "@/api/client";
import "@/configuration/configuration.css";
import { SetupNav } from "@/configuration/SetupNav";
import "@/configuration/wallboards.css";
import { Button } from "@/design/Button";
import { Refusal } from "@/design/Refusal";
import { Confirm } from "@/floor/Confirm";
import { moment } from "@/i18n/format";

interface Link {
  id: string;
  name: string;
  made_at: string;
}

const PATH = "/api/wallboards";
const KEY = ["wallboards"] as const;

export function Wallboards() {
  const { t } = useLingui();
  const server = useQueryClient();
  const { data } = useQuery({ queryKey: KEY, queryFn: () => call<Link[]>("GET", PATH) });
  const [name, setName] = useState("");
  const again = () => server.invalidateQueries({ queryKey: KEY });
  const make = useMutation({
    mutationFn: (wanted: string) => call<{ id: string; path: string }>("POST", PATH, { name: wanted }),
    onSuccess: () => {
      setName("");
      return again();
    },
  });
  const revoke = useMutation({ mutationFn: (id: string) => call("DELETE", `${PATH}/${id}`), onSuccess: again });
  const send = (event: SubmitEvent) => {
    event.preventDefault();
    if (name.trim()) make.mutate(name.trim());
  };
  return (
    <div className="page configuration">
      <SetupNav />
      <h1>
        <Trans>Wallboards</Trans>
      </h1>
      <section className="card wallboards" aria-label={t`Wallboards`}>
      <p className="muted">
        <Trans>A screen on the wall opens by its link, without a login. It shows figures of queues and nobody's name.</Trans>
      </p>
      <form className="configurationActions" onSubmit={send}>
        <input className="input configurationWhy" aria-label={t`Name of the screen`} placeholder={t`Name of the screen`} maxLength={200} value={name} onChange={(event) => setName(event.target.value)} />
        <Button type="submit" icon={Plus} isPending={make.isPending}>
          <Trans>Make a link</Trans>
        </Button>
      </form>
      <Refusal error={make.error ?? revoke.error} />
      {make.data && <Made link={new URL(make.data.path, location.href).href} />}
      {data && data.length > 0 && (
        <table className="table" aria-label={t`Wallboards`}>
          <tbody>
            {data.map((link) => (
              <tr key={link.id}>
                <td>{link.name}</td>
                <td className="figures muted">{moment(link.made_at)}</td>
                <td className="end">
                  <Confirm
                    icon={Unlink}
                    name={<Trans>Revoke</Trans>}
                    question={<Trans>The screen goes dark within seconds, and the link opens nothing any more.</Trans>}
                    act={() => revoke.mutate(link.id)}
                  />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      </section>
    </div>
  );
}

/** It is kept nowhere, so it is shown here and never again. */
function Made({ link }: { link: string }) {
  const { t } = useLingui();
  const [copied, setCopied] = useState(false);
  return (
    <div role="status" className="wallboardMade">
      <p>
        <Trans>Open this link on the screen. It is shown only now.</Trans>
      </p>
      <div className="configurationActions">
        <input className="input wallboardLink" readOnly aria-label={t`Link of the wallboard`} value={link} onFocus={(event) => event.target.select()} />
        <Button icon={Copy} onPress={() => void navigator.clipboard.writeText(link).then(() => setCopied(true), () => undefined)}>
          {copied ? <Trans>Copied</Trans> : <Trans>Copy</Trans>}
        </Button>
      </div>
    </div>
  );
}
