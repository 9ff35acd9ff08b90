/* A page that is opened from disk (file://) may not start a Worker, and the search needs one. There, and only there,
   the worker's script runs in a hidden frame instead, which takes and gives messages as a Worker does. */
(() => {
  if (location.protocol !== "file:") return;

  class FrameWorker extends EventTarget {
    constructor(url) {
      super();
      const address = new URL(url, location.href).href;
      const frame = document.createElement("iframe");
      frame.hidden = true;
      document.documentElement.appendChild(frame);
      const inside = frame.contentWindow;
      this.inside = inside;
      const load = (script) =>
        new Promise((done, failed) => {
          const element = inside.document.createElement("script");
          element.src = new URL(script, address).href;
          element.onload = done;
          element.onerror = failed;
          inside.document.head.appendChild(element);
        });
      // A worker answers by its own postMessage; scripts that it imports load one after the other.
      inside.postMessage = (data) => this.answer(data);
      inside.importScripts = (...scripts) => scripts.reduce((before, script) => before.then(() => load(script)), Promise.resolve());
      this.ready = load(address);
    }

    answer(data) {
      const event = new MessageEvent("message", { data });
      this.dispatchEvent(event);
      if (this.onmessage) this.onmessage(event);
    }

    postMessage(data) {
      this.ready.then(() => this.inside.dispatchEvent(new MessageEvent("message", { data })));
    }

    terminate() {
      this.inside.frameElement.remove();
    }
  }

  window.Worker = FrameWorker;
})();
