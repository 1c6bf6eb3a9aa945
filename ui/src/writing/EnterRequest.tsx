/** What came on paper or was said in person becomes a request like any other. Kept in this browser while it is typed. */
import { Trans, useLingui } from "@lingui/react/macro";
import { useMutation } from "@tanstack/react-query";
import { FilePlus2, X } from "lucide-react";
import { type SubmitEvent, useState } from "react";
import { Dialog } from "react-aria-components/Dialog";
import { Heading } from "react-aria-components/Heading";
import { Modal, ModalOverlay } from "react-aria-components/Modal";

import { enterRequest, type EnteredRequest, type Way } from "@/api/writing";
import { useKept } from "@/customers/draft";
import "@/design/drawer.css";
import { Button, IconButton } from "@/design/Button";
import { Refusal } from "@/design/Refusal";
import "@/writing/writing.css";

const EMPTY: EnteredRequest = { way: "paper", text: "", subject: "", name: "", phone: "", mail: "" };

export function EnterRequest() {
  const [open, setOpen] = useState(false);
  const [entered, setEntered] = useState(false);
  return (
    <div className="enterRequest">
      <Button icon={FilePlus2} onPress={() => setOpen(true)}>
        <Trans>Enter a request</Trans>
      </Button>
      <span className="caption" role="status">
        {entered && <Trans>Entered: it waits in its queue.</Trans>}
      </span>
      {open && (
        <Entering
          close={(done) => {
            setOpen(false);
            setEntered(done);
          }}
        />
      )}
    </div>
  );
}

function Entering({ close }: { close: (done: boolean) => void }) {
  const { t } = useLingui();
  const [request, write, forget] = useKept("request", EMPTY);
  const entering = useMutation({
    mutationFn: () => enterRequest(request),
    onSuccess: () => {
      forget();
      close(true);
    },
  });
  const ways: Record<Way, string> = { paper: t`On paper`, person: t`In person`, mail: t`By mail`, other: t`Otherwise` };
  const field = (name: "subject" | "name" | "phone" | "mail", label: string) => (
    <label className="field">
      {label}
      <input className="input" dir="auto" maxLength={200} value={request[name]} onChange={(event) => write({ ...request, [name]: event.target.value })} />
    </label>
  );
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (request.text.trim()) entering.mutate();
  };
  return (
    <ModalOverlay className="veil side" isOpen isDismissable onOpenChange={() => close(false)}>
      <Modal className="sheet drawer">
        <Dialog>
          <div className="sheetTop">
            <Heading slot="title">{t`Enter a request`}</Heading>
            <IconButton icon={X} name={t`Close`} onPress={() => close(false)} />
          </div>
          <form className="entering" onSubmit={submit}>
            <div className="enteringPair">
              <label className="field">
                {t`How it came`}
                <select className="input" value={request.way} onChange={(event) => write({ ...request, way: event.target.value as Way })}>
                  {(Object.keys(ways) as Way[]).map((way) => (
                    <option key={way} value={way}>
                      {ways[way]}
                    </option>
                  ))}
                </select>
              </label>
              {field("name", t`Name`)}
              {field("phone", t`Phone`)}
              {field("mail", t`Mail`)}
            </div>
            {field("subject", t`Subject`)}
            <label className="field">
              {t`What the customer wants`}
              <textarea className="input" dir="auto" rows={8} required maxLength={10_000} value={request.text} onChange={(event) => write({ ...request, text: event.target.value })} />
            </label>
            <p className="caption">
              <Trans>By the phone or the mail the customer is recognised. It waits in a queue by the rules of the centre, and is kept here until it is entered.</Trans>
            </p>
            <Refusal error={entering.error} />
            <div>
              <Button type="submit" kind="primary" isPending={entering.isPending} isDisabled={!request.text.trim()}>
                <Trans>Enter it</Trans>
              </Button>
            </div>
          </form>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
