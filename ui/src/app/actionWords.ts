/** What each action is called, in the palette and in the list of keys. */
import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";

import type { ActionId } from "@/app/actions";

export const ACTION_WORDS: Record<ActionId, MessageDescriptor> = {
  palette: msg`Find an action or a screen`,
  shortcuts: msg`Keyboard shortcuts`,
  accept: msg`Accept the call`,
  decline: msg`Decline the call`,
  call: msg`Call a number`,
  mute: msg`Microphone off and on`,
  hold: msg`Hold and take back`,
  recording: msg`Pause the recording, or record`,
  keypad: msg`Keypad`,
  transfer: msg`Transfer`,
  ask: msg`Ask a colleague first`,
  park: msg`Park`,
  complete: msg`While asking: complete the transfer`,
  back: msg`While asking: back to the customer`,
  swap: msg`While asking: swap customer and colleague`,
  together: msg`While asking: all three together`,
  note: msg`To the note`,
  knowledge: msg`Search the knowledge base`,
  save: msg`Save the result and be ready`,
  end: msg`End the contact`,
  startShift: msg`Start the shift`,
  endShift: msg`End the shift`,
  noticeSeen: msg`Put the message away`,
};
