/** What a new scenario in Python begins with: it works as it is. */
import type { I18n } from "@lingui/core";
import { msg } from "@lingui/core/macro";

const quoted = (text: string) => JSON.stringify(text);

export function beginning(i18n: I18n, queue: string): string {
  return `async def scenario(contact):
    pressed = await contact.collect(
        ${quoted(i18n._(msg`Enter the number of your order and press hash.`))},
        max_digits=8,
        name=${quoted(i18n._(msg`Order number`))},
    )
    if pressed.outcome == "digits":
        contact.set(order=pressed.digits)
    await contact.to_queue(${quoted(queue)})
`;
}
