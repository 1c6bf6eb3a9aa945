import { describe, expect, it } from "vitest";

import { isOfUse } from "@/phone/candidate";

const of = (candidate: string, protocol: RTCIceProtocol, type: RTCIceCandidateType = "host") => isOfUse({ candidate, protocol, type });

describe("an address that is answered with", () => {
  it("is one that the switch can send to", () => {
    expect(of("candidate:1 1 udp 2122194687 127.0.0.1 37244 typ host", "udp")).toBe(true);
    expect(of("candidate:2 1 udp 41885439 203.0.113.7 50000 typ relay raddr 0.0.0.0 rport 0", "udp", "relay")).toBe(true);
  });

  it("is no name that hides it, and none over TCP, which a busy browser tells first", () => {
    expect(of("candidate:3 1 udp 2122194687 4d0e3c1a.local 37244 typ host", "udp")).toBe(false);
    expect(of("candidate:4 1 tcp 1518214911 127.0.0.1 9 typ host tcptype active", "tcp")).toBe(false);
  });
});
