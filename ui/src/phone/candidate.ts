/** Is there anything of use to the switch in this address of ours? Of a `.local` name it cannot reach anything, and over TCP it does not
 * talk: an answer with such addresses alone leaves the call without encryption's handshake, connected and silent. A busy browser tells
 * those over TCP first. */
export const isOfUse = ({ candidate, protocol, type }: Pick<RTCIceCandidate, "candidate" | "protocol" | "type">): boolean =>
  type === "relay" || (protocol !== "tcp" && !candidate.includes(".local "));
