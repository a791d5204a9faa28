// The browser's loudspeaker and microphone.
let shared = null;

export function unlock() {
  // a browser lets a page sound only after somebody touched it: call this in the handler of that touch
  shared ??= new AudioContext();
  if (shared.state === "suspended") shared.resume();
  return shared;
}

export class Player {
  constructor() {
    this.context = unlock();
    this.next = 0;
    this.playing = new Set();
  }

  // A piece of mono s16le, in base64; pieces follow each other seam to seam.
  add(base64, rate) {
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
    const samples = new Int16Array(bytes.buffer, 0, bytes.length >> 1);
    if (!samples.length) return;
    const buffer = this.context.createBuffer(1, samples.length, rate);
    const data = buffer.getChannelData(0);
    for (let at = 0; at < samples.length; at++) data[at] = samples[at] / 32768;
    const source = this.context.createBufferSource();
    source.buffer = buffer;
    source.connect(this.context.destination);
    this.next = Math.max(this.next, this.context.currentTime + 0.05);
    source.start(this.next);
    this.next += buffer.duration;
    this.playing.add(source);
    source.onended = () => {
      this.playing.delete(source);
      if (!this.playing.size) this.silent?.();
    };
  }

  stop() {
    for (const source of this.playing) source.stop();
    this.playing.clear();
    this.next = 0;
    this.silent?.();
  }

  // When all that was added has been heard, or was stopped.
  finished() {
    return new Promise((done) => {
      if (this.playing.size) this.silent = done;
      else done();
    });
  }

  get busy() {
    return this.playing.size > 0;
  }
}

// Why there is no microphone, as a key of texts.js; "" when there may be one.
export function whyNoMicrophone() {
  if (!window.isSecureContext) return "mic_needs_https";
  if (!navigator.mediaDevices?.getUserMedia || !window.AudioWorkletNode) return "mic_missing";
  return "";
}

const RATE = 16000;
export const MOST_S = 30;

export class Recorder {
  static async start() {
    const made = new Recorder();
    made.stream = await navigator.mediaDevices.getUserMedia({
      audio: { channelCount: 1, echoCancellation: true, noiseSuppression: true, autoGainControl: true },
    });
    made.context = new AudioContext();
    await made.context.audioWorklet.addModule("/static/recorder-worklet.js");
    made.parts = [];
    made.count = 0;
    made.node = new AudioWorkletNode(made.context, "recorder", { numberOfOutputs: 0 });
    made.node.port.onmessage = ({ data }) => {
      if (made.count < MOST_S * made.context.sampleRate) made.parts.push(data);
      made.count += data.length;
    };
    made.context.createMediaStreamSource(made.stream).connect(made.node);
    return made;
  }

  // Ends the recording; gives it as a WAV of 16 kHz, or null when it is too short to hold a word.
  async stop() {
    this.stream.getTracks().forEach((track) => track.stop());
    const rate = this.context.sampleRate;
    await this.context.close();
    const length = this.parts.reduce((sum, part) => sum + part.length, 0);
    if (length < 0.2 * rate) return null;
    const offline = new OfflineAudioContext(1, Math.ceil((length * RATE) / rate), RATE);
    const buffer = offline.createBuffer(1, length, rate);
    let at = 0;
    for (const part of this.parts) {
      buffer.copyToChannel(part, 0, at);
      at += part.length;
    }
    const source = offline.createBufferSource();
    source.buffer = buffer;
    source.connect(offline.destination);
    source.start();
    return wav((await offline.startRendering()).getChannelData(0));
  }
}

function wav(samples) {
  const made = new DataView(new ArrayBuffer(44 + 2 * samples.length));
  const put = (at, text) => [...text].forEach((letter, offset) => made.setUint8(at + offset, letter.charCodeAt(0)));
  put(0, "RIFF");
  made.setUint32(4, 36 + 2 * samples.length, true);
  put(8, "WAVEfmt ");
  made.setUint32(16, 16, true);
  made.setUint16(20, 1, true);
  made.setUint16(22, 1, true);
  made.setUint32(24, RATE, true);
  made.setUint32(28, 2 * RATE, true);
  made.setUint16(32, 2, true);
  made.setUint16(34, 16, true);
  put(36, "data");
  made.setUint32(40, 2 * samples.length, true);
  samples.forEach((value, at) => made.setInt16(44 + 2 * at, Math.max(-1, Math.min(1, value)) * 32767, true));
  return new Blob([made.buffer], { type: "audio/wav" });
}
