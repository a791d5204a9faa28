// A button that is held to talk: pointer, or the space bar on it; Escape throws the recording away.
import { call } from "./api.js";
import { Recorder, unlock, whyNoMicrophone } from "./sound.js";

export function holdToTalk(button, { language, heard, wrong, state }) {
  let recording = null;
  let held = false;

  async function begin() {
    if (held) return;
    held = true;
    unlock();
    const why = whyNoMicrophone();
    if (why) {
      held = false;
      return wrong(why);
    }
    state("recording");
    button.classList.add("held");
    recording = Recorder.start();
    try {
      await recording;
    } catch (error) {
      recording = null;
      held = false;
      button.classList.remove("held");
      state("");
      wrong(error.name === "NotAllowedError" ? "mic_refused" : "mic_missing");
    }
  }

  async function end(keep) {
    if (!held) return;
    held = false;
    button.classList.remove("held");
    const one = recording;
    recording = null;
    try {
      const sound = await (await one).stop();
      if (!keep) return state("");
      if (!sound) {
        state("");
        return wrong("hold_longer");
      }
      state("hearing");
      const form = new FormData();
      form.append("file", sound, "speech.wav");
      form.append("model", "whisper-1");
      form.append("language", language());
      const { text } = await call("POST", "/v1/audio/transcriptions", form);
      state("");
      if (text.trim()) heard(text.trim());
      else wrong("heard_nothing");
    } catch (error) {
      state("");
      if (error.message) wrong("failed", error.message);
    }
  }

  button.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    button.setPointerCapture(event.pointerId);
    begin();
  });
  button.addEventListener("pointerup", () => end(true));
  button.addEventListener("pointercancel", () => end(false));
  button.addEventListener("contextmenu", (event) => event.preventDefault());
  button.addEventListener("keydown", (event) => {
    if (event.key === " " && !event.repeat) begin();
    if (event.key === "Escape") end(false);
    if (event.key === " ") event.preventDefault();
  });
  button.addEventListener("keyup", (event) => event.key === " " && end(true));
  button.addEventListener("blur", () => end(false));
}
