// Hands what the microphone gives to the page, 4096 samples at a time.
class Recorder extends AudioWorkletProcessor {
  constructor() {
    super();
    this.held = new Float32Array(4096);
    this.at = 0;
  }

  process([input]) {
    const samples = input[0];
    if (samples) {
      for (const sample of samples) {
        this.held[this.at++] = sample;
        if (this.at === this.held.length) {
          this.port.postMessage(this.held.slice());
          this.at = 0;
        }
      }
    }
    return true;
  }
}
registerProcessor("recorder", Recorder);
