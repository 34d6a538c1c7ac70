// Two sounds at one place: A and B, of which one is heard.

export class Player {
  heard = "a";
  sounds = { a: null, b: null };
  #media = { a: new Audio(), b: new Audio() };
  #level = true;

  /** @param changed called when what is played, or whether, has changed */
  constructor(changed) {
    this.changed = changed;
    for (const media of Object.values(this.#media)) {
      media.preload = "auto";
      for (const event of ["play", "pause", "ended", "loadedmetadata", "seeked"]) media.addEventListener(event, () => changed());
    }
  }

  get playing() {
    return !this.#active.paused && !this.#active.ended;
  }

  get place() {
    return this.#active.currentTime;
  }

  /** What A and B sound like, for tests and for those who look. */
  get volumes() {
    return { a: this.#media.a.volume, b: this.#media.b.volume };
  }

  get #active() {
    return this.#media[this.heard];
  }

  /** @param sound url and level (root of the mean square), or null */
  put(side, sound) {
    const media = this.#media[side];
    if (this.sounds[side] === sound) return;
    const [place, playing] = [media.currentTime, side === this.heard && this.playing];
    this.sounds[side] = sound;
    if (sound) {
      media.src = sound.url;
      media.currentTime = place;
      if (playing) media.play().catch(() => this.changed());
    } else {
      media.removeAttribute("src");
      media.load();
    }
    if (!sound && side === this.heard) this.heard = side === "a" ? "b" : "a";
    if (!this.sounds[this.heard]) this.heard = this.sounds.a ? "a" : this.sounds.b ? "b" : "a";
    this.balance();
    this.changed();
  }

  get ready() {
    return this.sounds[this.heard] !== null;
  }

  async toggle() {
    if (!this.ready) return;
    if (this.playing) {
      this.#active.pause();
    } else {
      await this.#active.play();
    }
  }

  seek(time) {
    this.#active.currentTime = Math.max(0, time);
    this.changed();
  }

  /** Hears the other side, at the place where this one is. */
  async hear(side) {
    if (side === this.heard || !this.sounds[side]) return;
    const before = this.#active;
    const after = this.#media[side];
    const playing = this.playing;
    this.heard = side;
    after.currentTime = before.currentTime;
    if (playing) {
      await after.play().catch(() => {});
    }
    before.pause();
    this.changed();
  }

  set sameLevel(value) {
    this.#level = value;
    this.balance();
  }

  /** The louder one is turned down: comparing by ear favours what is loud. */
  balance() {
    const { a, b } = this.sounds;
    const least = this.#level && a?.level > 0 && b?.level > 0 ? Math.min(a.level, b.level) : null;
    for (const side of ["a", "b"]) {
      this.#media[side].volume = least === null ? 1 : Math.min(1, least / this.sounds[side].level);
    }
  }
}
