/** Just enough SIP for the stage: registers anybody, sends an INVITE without real sound, notices the answer. */
import type { WebSocket } from "ws";

const header = (message: string, name: string) => new RegExp(`^${name}:\\s*(.*)$`, "im").exec(message)?.[1]?.trim() ?? "";

function reply(message: string, status: string, extra: string[] = []): string {
  const copied = ["Via", "From", "To", "Call-ID", "CSeq"].map((name) => {
    const value = header(message, name);
    return `${name}: ${name === "To" && !value.includes("tag=") ? `${value};tag=stage` : value}`;
  });
  return [`SIP/2.0 ${status}`, ...copied, ...extra, "Content-Length: 0", "", ""].join("\r\n");
}

const FINGERPRINT = Array.from({ length: 32 }, (_, i) => (i + 16).toString(16).toUpperCase()).join(":");
const SDP = [
  "v=0",
  "o=stage 1 1 IN IP4 127.0.0.1",
  "s=-",
  "t=0 0",
  "a=group:BUNDLE 0",
  "m=audio 9 UDP/TLS/RTP/SAVPF 0",
  "c=IN IP4 127.0.0.1",
  "a=mid:0",
  "a=rtcp-mux",
  "a=sendrecv",
  "a=setup:actpass",
  `a=fingerprint:sha-256 ${FINGERPRINT}`,
  "a=ice-ufrag:stage",
  "a=ice-pwd:stagestagestagestagestage",
  "a=rtpmap:0 PCMU/8000",
  "",
].join("\r\n");

export function registrar(answered: () => void) {
  let page: WebSocket | null = null;
  let contactUri = "";
  let call = 0;
  return {
    connect(socket: WebSocket): void {
      page = socket;
      socket.on("message", (raw: Buffer) => {
        const message = raw.toString();
        if (message.startsWith("REGISTER")) {
          contactUri = /<([^>]+)>/.exec(header(message, "Contact"))?.[1] ?? "";
          socket.send(reply(message, "200 OK", [`Contact: ${header(message, "Contact")}`, "Expires: 120"]));
        } else if (/^SIP\/2.0 200/.test(message) && header(message, "CSeq").endsWith("INVITE")) {
          const ack = [`ACK ${contactUri} SIP/2.0`, "Via: SIP/2.0/WS stage;branch=z9hG4bKack", `From: ${header(message, "From")}`, `To: ${header(message, "To")}`, `Call-ID: ${header(message, "Call-ID")}`, "CSeq: 1 ACK", "Content-Length: 0", "", ""];
          socket.send(ack.join("\r\n"));
          answered();
        } else if (/^(BYE|OPTIONS)/.test(message)) socket.send(reply(message, "200 OK"));
      });
    },
    ring(contact: string): void {
      call += 1;
      const head = [
        `INVITE ${contactUri} SIP/2.0`,
        `Via: SIP/2.0/WS stage;branch=z9hG4bK${call}`,
        `From: <sip:+79161234567@otklik>;tag=f${call}`,
        "To: <sip:anna@otklik>",
        `Call-ID: stage-${call}-${process.pid}`,
        "CSeq: 1 INVITE",
        "Max-Forwards: 70",
        "Contact: <sip:stage@127.0.0.1;transport=ws>",
        `X-Otklik-Contact: ${contact}`,
        "X-Otklik-Offer: 1",
        "Content-Type: application/sdp",
        `Content-Length: ${SDP.length}`,
        "",
        SDP,
      ];
      page?.send(head.join("\r\n"));
    },
  };
}
