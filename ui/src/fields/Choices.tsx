/** Choices in their order, in both languages. */
import { Trans, useLingui } from "@lingui/react/macro";
import { ArrowDown, ArrowUp, Plus, X } from "lucide-react";
import { useId, useRef } from "react";

import type { Problem } from "@/api/parts";
import { Button, IconButton } from "@/design/Button";
import { useFocusing } from "@/design/focus";
import type { Choice } from "@/fields/card";
import { freshId } from "@/setup/freshId";
import { Told } from "@/setup/Told";

interface Props {
  choices: Choice[];
  /** What is wrong inside, by "" or "[2].ru". */
  at: (inside: string) => Problem[];
  /** `what` names the text that is typed; empty: a step of its own. */
  change: (choices: Choice[], what: string) => void;
}

export function Choices({ choices, at, change }: Props) {
  const { t } = useLingui();
  const id = useId();
  const list = useRef<HTMLFieldSetElement>(null);
  const focus = useFocusing();
  const set = (one: Choice, more: Partial<Choice>) => change(choices.map((each) => (each === one ? { ...each, ...more } : each)), `choice ${one.id} ${Object.keys(more).join()}`);
  const swap = (number: number, by: -1 | 1) => {
    const next = [...choices];
    const [one] = next.splice(number, 1);
    if (one) change(next.toSpliced(number + by, 0, one), "");
  };
  const add = () => {
    change([...choices, { id: freshId("choice", choices.map((each) => each.id)), ru: "", en: "" }], "");
    focus(() => list.current?.querySelector<HTMLElement>(".fieldsChoice:last-of-type input"));
  };
  const whole = at("").filter(({ place }) => !/\]\.?\w*$/.test(place) || place.endsWith("choices"));
  return (
    <fieldset ref={list} className="field partGroup" aria-describedby={whole.length > 0 ? `${id}told` : undefined}>
      <legend className="label">
        <Trans>Choices</Trans>
      </legend>
      {choices.map((each, number) => {
        const place = number + 1;
        const wrong = at(`[${number}]`);
        const marks = (language: "ru" | "en") => ({
          "aria-describedby": wrong.length > 0 ? `${id}${number}` : undefined,
          "aria-invalid": at(`[${number}].${language}`).some(({ warning }) => !warning) || undefined,
        });
        return (
          <div key={each.id} className="fieldsChoice">
            <input className="input" lang="ru" dir="auto" maxLength={100} aria-label={t`Choice ${place} in Russian`} placeholder={t`In Russian`} value={each.ru} {...marks("ru")} onChange={(event) => set(each, { ru: event.target.value })} />
            <input className="input" lang="en" dir="auto" maxLength={100} aria-label={t`Choice ${place} in English`} placeholder={t`In English`} value={each.en} {...marks("en")} onChange={(event) => set(each, { en: event.target.value })} />
            <span className="fieldsChoiceTools">
              <IconButton icon={ArrowUp} name={t`Choice ${place}: move up`} isDisabled={number === 0} onPress={() => swap(number, -1)} />
              <IconButton icon={ArrowDown} name={t`Choice ${place}: move down`} isDisabled={number === choices.length - 1} onPress={() => swap(number, 1)} />
              <IconButton icon={X} name={t`Choice ${place}: remove`} onPress={() => change(choices.filter((_, index) => index !== number), "")} />
            </span>
            <Told id={`${id}${number}`} problems={wrong} />
          </div>
        );
      })}
      <Told id={`${id}told`} problems={whole} />
      <Button kind="bare" icon={Plus} className="partAdd" onPress={add}>
        <Trans>Add a choice</Trans>
      </Button>
    </fieldset>
  );
}
