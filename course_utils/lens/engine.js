/** Runs a training where it disturbs nobody: in a worker, or in short slices beside the page. */

import { training } from "./training.js";

/** @import { Progress, Settings } from "./training.js" */
/** Is told what is new, in turn, and whether the training is over.
 * @typedef {(news: Progress[], over: boolean) => void} Report */
/** Ends a training at once.
 * @typedef {() => void} Stop */

const SLICE_OF_PAGE = 12;
const SLICE_OF_WORKER = 60;

/**
 * Train in slices of some milliseconds; between them, all else has its turn.
 * @param {Settings} settings
 * @param {Report} report
 * @param {number} slice
 * @returns {Stop}
 */
function trainInSlices(settings, report, slice) {
  const steps = training(settings);
  let timer = setTimeout(turn);
  function turn() {
    const end = performance.now() + slice;
    /** @type {Progress[]} */
    const news = [];
    let step = steps.next();
    while (!step.done) {
      if (step.value) news.push(step.value);
      if (performance.now() > end) break;
      step = steps.next();
    }
    if (!step.done) timer = setTimeout(turn);
    if (news.length || step.done) report(news, Boolean(step.done));
  }
  return () => clearTimeout(timer);
}

/** What the worker does: it trains by the first message it gets, and answers with the news. */
export function serveTraining() {
  onmessage = ({ data }) => {
    trainInSlices(data, (news, over) => postMessage({ news, over }), SLICE_OF_WORKER);
  };
}

/**
 * Train in a worker that is made from this text; where the page may have none, in slices.
 * @param {string} source of this file and all that it imports
 * @param {Settings} settings
 * @param {Report} report
 * @returns {Stop}
 */
export function startTraining(source, settings, report) {
  /** @type {Stop} */
  let stop;
  const here = () => stop = trainInSlices(settings, report, SLICE_OF_PAGE);
  try {
    stop = trainInWorker(source, settings, report, here);
  } catch {
    here();
  }
  return () => stop();
}

/**
 * @param {string} source
 * @param {Settings} settings
 * @param {Report} report
 * @param {() => void} refused is called if the page's policy forbids workers
 * @returns {Stop}
 */
function trainInWorker(source, settings, report, refused) {
  const text = new Blob([`${source}\nserveTraining();`], { type: "text/javascript" });
  const address = URL.createObjectURL(text);
  const worker = new Worker(address);
  worker.onmessage = ({ data: { news, over } }) => report(news, over);
  worker.onerror = (event) => {
    event.preventDefault();
    worker.terminate();
    refused();
  };
  worker.postMessage(settings);
  return () => {
    worker.onerror = null;
    worker.terminate();
    URL.revokeObjectURL(address);
  };
}
