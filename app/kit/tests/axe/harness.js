// Opens the pages one after another in a frame of the wanted width and collects what each says of itself.
const say = (text) => { document.body.append(document.createElement("pre")); document.body.lastChild.textContent = text; };
const found = [];
let frame;
const next = () => {
  frame?.remove();
  const page = pages.shift();
  if (!page) {
    say("RESULT " + JSON.stringify(found) + " END");
    return;
  }
  frame = document.createElement("iframe");
  frame.width = page.width;
  frame.height = 844;
  frame.src = page.file;
  document.body.append(frame);
};
addEventListener("message", (event) => {
  found.push(event.data);
  next();
});
addEventListener("error", (event) => say("BROKEN " + event.message));
addEventListener("load", next);
