/** What outer systems say of the customer: asked when the page is opened, each in its own time; the conversation waits for none. */
import { Trans, useLingui } from "@lingui/react/macro";
import { useMutation, useQuery } from "@tanstack/react-query";
import { CircleAlert, RotateCw, Search } from "lucide-react";
import { useEffect, useId, useState, type SubmitEvent } from "react";

import { lookUp, lookUpsQuery, type LookUp } from "@/api/lookups";
import { Button } from "@/design/Button";
import { Refusal } from "@/design/Refusal";
import { Found } from "@/desk/Found";
import { spoken } from "@/i18n/language";
import "@/lookups/lookups.css";

export function LookUps({ contact, known }: { contact: string; known: string | undefined }) {
  // What was missing may have been written into the card meanwhile.
  const { data: all = [] } = useQuery({ ...lookUpsQuery(contact, known), refetchOnMount: "always" });
  return all.map((each) => <One key={`${each.id} ${each.lacks?.name ?? ""}`} contact={contact} of={each} />);
}

function One({ contact, of }: { contact: string; of: LookUp }) {
  const { t } = useLingui();
  const [entered, setEntered] = useState("");
  const field = useId();
  const ask = useMutation({ mutationFn: () => lookUp(contact, of.id, entered), gcTime: 0 });
  const typed = spoken() === "ru" ? of.asks_ru : of.asks_en;
  const byItself = typed === null && of.lacks === null;
  const { mutate } = ask;
  useEffect(() => {
    if (byItself) mutate();
  }, [byItself, mutate]);
  const send = (event: SubmitEvent) => {
    event.preventDefault();
    if (entered.trim()) mutate();
  };
  const found = ask.data;
  const lacks = of.lacks?.[spoken()];
  return (
    <section className="lookUp" aria-label={of[spoken()]}>
      <div className="lookUpTop">
        <h3 className="heading">{of[spoken()]}</h3>
        {byItself && (
          <Button kind="bare" icon={RotateCw} isPending={ask.isPending} onPress={() => mutate()} aria-label={t`Ask again: ${of[spoken()]}`}>
            <Trans>Ask again</Trans>
          </Button>
        )}
      </div>
      {of.lacks !== null && (
        <p className="muted">
          <Trans>Not known of this customer: {lacks}.</Trans>
        </p>
      )}
      {typed !== null && of.lacks === null && (
        <form className="lookUpAsk" onSubmit={send}>
          <label htmlFor={field} className="caption">
            {typed || t`What to look for`}
          </label>
          <input id={field} className="input" maxLength={200} value={entered} onChange={(event) => setEntered(event.target.value)} />
          <Button type="submit" icon={Search} isPending={ask.isPending}>
            <Trans>Look up</Trans>
          </Button>
        </form>
      )}
      <div aria-live="polite">
        {ask.isPending && (
          <p className="muted">
            <Trans>Asking…</Trans>
          </p>
        )}
        {found?.outcome === "found" && <Found found={found.values} />}
        {found?.outcome === "not_found" && (
          <p className="muted">
            <Trans>Nothing was found.</Trans>
          </p>
        )}
        {found?.outcome === "failed" && (
          <p className="lookUpFailed">
            <CircleAlert size={16} aria-hidden />
            <span>{found.message}</span>
          </p>
        )}
      </div>
      <Refusal error={ask.error} />
    </section>
  );
}
