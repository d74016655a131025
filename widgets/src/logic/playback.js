// Playing through steps at a given speed.

/**
 * @typedef {object} Player
 * @property {() => number} current
 * @property {number} last
 * @property {() => number} speed steps per second
 * @property {(step: number) => void} go
 * @property {() => boolean} visible playing stops when the view is gone
 * @property {(playing: boolean) => void} onchange
 * @property {() => number} now milliseconds
 * @property {(tick: () => void) => void} schedule calls back at the next frame
 */

/** Moves through the steps until the last, or until it is paused. */
export class Playback {
  /** @param {Player} player */
  constructor(player) {
    this.player = player;
    this.playing = false;
    this.startTime = 0;
    this.startStep = 0;
  }

  toggle() {
    if (this.playing) this.pause();
    else this.play();
  }

  /** Play from the current step, at the end from the first. */
  play() {
    const { player } = this;
    if (player.current() === player.last) player.go(0);
    this.startTime = player.now();
    this.startStep = player.current();
    if (this.playing) return; // a new speed
    this.playing = true;
    player.onchange(true);
    player.schedule(() => this.tick());
  }

  pause() {
    this.playing = false;
    this.player.onchange(false);
  }

  tick() {
    const { player } = this;
    if (!this.playing) return;
    if (!player.visible()) return this.pause();
    const elapsed = (player.now() - this.startTime) / 1000;
    const step = Math.min(player.last, this.startStep + Math.floor(elapsed * player.speed()));
    if (step !== player.current()) player.go(step);
    if (step === player.last) this.pause();
    else player.schedule(() => this.tick());
  }
}
