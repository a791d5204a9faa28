// What the room's microphone hears and what is said to it, as it happens; comes back by itself when the server was away.
import { lines } from "./api.js";

const MOST_WAIT_MS = 15000;

export function follow(path, { told, away, ended }) {
  let now = null;

  async function run() {
    let wait = 500;
    for (;;) {
      now = new AbortController();
      try {
        for await (const event of lines("GET", path(), undefined, now.signal)) {
          if (event.event === "closed") await ended();
          else if (event.event === "here") away(false);
          else if (event.event) told(event);
          wait = 500;
        }
      } catch (error) {
        if (now.signal.aborted) continue; // it is to follow another talk
        if (error.status === 401) return location.reload();
        if (error.status === 404) {
          await ended();
          continue;
        }
      }
      away(true);
      await new Promise((done) => setTimeout(done, wait));
      wait = Math.min(2 * wait, MOST_WAIT_MS);
    }
  }

  run();
  return { again: () => now?.abort() };
}

const states = {
  wake: "listening", follow_up: "listening", speech_started: "listening", partial: "listening",
  transcript: "thinking", turn_started: "thinking", audio_started: "speaking",
  speech_done: "asleep", completed: "asleep", cancelled: "asleep", failed: "asleep",
};

export const stateAfter = (event) => states[event.event];
