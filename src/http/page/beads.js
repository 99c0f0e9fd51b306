"use strict";

/**
 * What a reviser does to beads. A bead is `{ sides, confidence, fixed }`; sides are pairs of sentence
 * numbers, one for each document, and those of a bead begin where those of the bead before it end.
 * Nothing here changes what it is given: each function gives other beads, or null where it can not
 * be done. A place is `{ bead, side, sentence }`; the sentence is null where a side has none.
 */
const Beads = {
  /** Whether a bead may be wrong and nobody has looked at it: the limit is that of the static page. */
  doubtful: (bead) => !bead.fixed && bead.confidence < 0.9,

  /** How a bead is coloured, as on the static page. */
  colour: (bead) => {
    if (bead.fixed || bead.confidence >= 0.9) return "sure";
    return bead.confidence >= 0.6 ? "fair" : "weak";
  },

  /** A bead as a person made it: it counts as accepted. */
  made: (sides) => ({ sides, confidence: 0, fixed: true }),

  /** The beads with some in the place of others; those without any sentence are left out. */
  replaced: (beads, from, count, others) => {
    const filled = others.filter(({ sides }) => sides.some(([start, end]) => end > start));
    return [...beads.slice(0, from), ...filled, ...beads.slice(from + count)];
  },

  accept: (beads, { bead }) => {
    const { sides, confidence, fixed } = beads[bead];
    return Beads.replaced(beads, bead, 1, [{ sides, confidence, fixed: !fixed }]);
  },

  /** Makes one of a bead and the next. */
  merge: (beads, { bead }) => {
    const [one, next] = beads.slice(bead, bead + 2);
    if (!next) return null;
    const sides = one.sides.map(([start], side) => [start, next.sides[side][1]]);
    return Beads.replaced(beads, bead, 2, [Beads.made(sides)]);
  },

  /**
   * Makes two of a bead, the second beginning with this sentence. The other sides are cut where
   * about as much of the text lies before the cut.
   */
  split: (beads, { bead, side, sentence }, lengths) => {
    const { sides } = beads[bead];
    const [start, end] = sides[side];
    if (sentence === null || sentence <= start) return null;
    const sum = (of, from, to) => lengths[of].slice(from, to).reduce((all, each) => all + each, 0);
    const share = sum(side, start, sentence) / (sum(side, start, end) || 1);
    const cuts = sides.map(([from, to], of) => {
      if (of === side) return sentence;
      const all = sum(of, from, to) || 1;
      let best = from;
      for (let cut = from; cut <= to; cut += 1) {
        const far = (at) => Math.abs(sum(of, from, at) / all - share);
        if (far(cut) < far(best)) best = cut;
      }
      return best;
    });
    return Beads.replaced(beads, bead, 1, [
      Beads.made(sides.map(([from], of) => [from, cuts[of]])),
      Beads.made(sides.map(([, to], of) => [cuts[of], to])),
    ]);
  },

  /** Links this sentence, and those before it in the bead, with the bead before. */
  up: (beads, { bead, side, sentence }) => {
    const before = beads[bead - 1];
    if (sentence === null) return null;
    const { sides } = beads[bead];
    const first = (before?.sides ?? sides.map(([start]) => [start, start]))
      .map(([from, to], of) => [from, of === side ? sentence + 1 : to]);
    const rest = sides.map(([from, to], of) => [of === side ? sentence + 1 : from, to]);
    const others = [Beads.made(first), Beads.made(rest)];
    return before ? Beads.replaced(beads, bead - 1, 2, others) : Beads.replaced(beads, bead, 1, others);
  },

  /** Links this sentence, and those after it in the bead, with the next bead. */
  down: (beads, { bead, side, sentence }) => {
    const next = beads[bead + 1];
    if (sentence === null) return null;
    const { sides } = beads[bead];
    const rest = sides.map(([from, to], of) => [from, of === side ? sentence : to]);
    const last = (next?.sides ?? sides.map(([, end]) => [end, end]))
      .map(([from, to], of) => [of === side ? sentence : from, to]);
    return Beads.replaced(beads, bead, next ? 2 : 1, [Beads.made(rest), Beads.made(last)]);
  },

  /** Says that the sides of a bead do not translate each other: each gets a bead of its own. */
  apart: (beads, { bead }) => {
    const { sides } = beads[bead];
    if (sides.filter(([start, end]) => end > start).length < 2) return null;
    const alone = (side) => sides.map(([start, end], of) => {
      if (of === side) return [start, end];
      return of < side ? [end, end] : [start, start];
    });
    return Beads.replaced(beads, bead, 1, sides.map((_, side) => Beads.made(alone(side))));
  },
};
