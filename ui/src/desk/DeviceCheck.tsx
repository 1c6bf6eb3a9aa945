import { Trans, useLingui } from "@lingui/react/macro";
import { Bell, Mic, Volume2 } from "lucide-react";
import { useEffect, useId, useState, type ReactNode } from "react";

import { Button } from "@/design/Button";
import "@/desk/devices.css";
import { MicrophoneMeter } from "@/desk/MicrophoneMeter";
import { deskPhone } from "@/phone/deskPhone";
import { microphoneDevice } from "@/phone/microphone";
import { chooseSpeaker, playRingOnce, ringVolume, setRingVolume, speakerDevice } from "@/phone/sound";
import { usePhone } from "@/phone/state";

function useDevices(): MediaDeviceInfo[] {
  const [devices, setDevices] = useState<MediaDeviceInfo[]>([]);
  const microphone = usePhone((state) => state.microphone);
  useEffect(() => {
    if (!("mediaDevices" in navigator)) return;
    const look = () => void navigator.mediaDevices.enumerateDevices().then(setDevices);
    look();
    navigator.mediaDevices.addEventListener("devicechange", look);
    return () => navigator.mediaDevices.removeEventListener("devicechange", look);
  }, [microphone]);
  return devices;
}

function DeviceChoice(props: { icon: ReactNode; label: string; devices: MediaDeviceInfo[]; value: string; choose: (id: string) => void }) {
  const { t } = useLingui();
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id} className="deviceLabel">
        {props.icon}
        {props.label}
      </label>
      <select id={id} className="input" value={props.value} onChange={(event) => props.choose(event.target.value)}>
        {props.devices.length === 0 && <option value="">{t`As in the system`}</option>}
        {props.devices.map((device) => (
          <option key={device.deviceId} value={device.deviceId}>
            {device.label || t`As in the system`}
          </option>
        ))}
      </select>
    </div>
  );
}

export function DeviceCheck() {
  const { t } = useLingui();
  const devices = useDevices();
  const [speaker, setSpeaker] = useState(speakerDevice() ?? "default");
  const [microphone, setMicrophone] = useState(microphoneDevice() ?? "default");
  const [volume, setVolume] = useState(ringVolume());
  const volumeId = useId();
  const canChooseSpeaker = "setSinkId" in HTMLMediaElement.prototype;

  return (
    <div className="deviceCheck">
      <DeviceChoice
        icon={<Mic size={16} aria-hidden />}
        label={t`Microphone`}
        devices={devices.filter((device) => device.kind === "audioinput")}
        value={microphone}
        choose={(id) => {
          setMicrophone(id);
          void deskPhone.chooseMicrophone(id);
        }}
      />
      <MicrophoneMeter />
      {canChooseSpeaker && (
        <DeviceChoice
          icon={<Volume2 size={16} aria-hidden />}
          label={t`Speaker`}
          devices={devices.filter((device) => device.kind === "audiooutput")}
          value={speaker}
          choose={(id) => {
            setSpeaker(id);
            void chooseSpeaker(id);
          }}
        />
      )}
      <div className="field">
        <label htmlFor={volumeId} className="deviceLabel">
          <Bell size={16} aria-hidden />
          <Trans>Ring volume</Trans>
        </label>
        <div className="deviceRing">
          <input
            id={volumeId}
            type="range"
            min={0.1}
            max={1}
            step={0.1}
            value={volume}
            onChange={(event) => {
              setVolume(Number(event.target.value));
              setRingVolume(Number(event.target.value));
            }}
          />
          <Button onPress={playRingOnce}>
            <Trans>Play the ring</Trans>
          </Button>
        </div>
      </div>
    </div>
  );
}
