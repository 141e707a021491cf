// The page of the API: shows /docs/openapi.json and sends what is typed into it.
// Everything shown is text nodes: nothing of the description or of an answer is markup.
"use strict";

const METHODS = ["get", "post", "put", "patch", "delete"];
const DEPTH = 6;
let api;

function el(tag, attributes, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value === false || value === undefined || value === null) continue;
    made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.filter((child) => child !== undefined && child !== null));
  return made;
}

// `code` in a sentence becomes code; all else stays text
function prose(text) {
  return (text || "").split("`").map((part, n) => (n % 2 ? el("code", {}, part) : part));
}

function deref(value) {
  let found = value;
  while (found && found.$ref) {
    found = found.$ref.slice(2).split("/").reduce((at, name) => at[name.replace(/~1/g, "/").replace(/~0/g, "~")], api);
  }
  return found || {};
}

function kind(schema) {
  const one = deref(schema);
  const choices = one.oneOf || one.anyOf;
  if (choices) return choices.map(kind).join(" or ");
  if (one.enum) return one.enum.map((value) => JSON.stringify(value)).join(" | ");
  if (one.const !== undefined) return JSON.stringify(one.const);
  if (one.type === "array") return "list of " + kind(one.items || {});
  const name = Array.isArray(one.type) ? one.type.join(" or ") : one.type || "anything";
  return one.format ? `${name} (${one.format})` : name;
}

function members(schema) {
  const one = deref(schema);
  if (one.properties) return one;
  if (one.items) return members(one.items);
  for (const choice of one.oneOf || one.anyOf || []) {
    const found = members(choice);
    if (found) return found;
  }
  return null;
}

function shape(schema, depth = 0) {
  const one = members(schema);
  if (!one || depth > DEPTH) return null;
  const must = new Set(one.required || []);
  return el("ul", { class: "shape" }, ...Object.entries(one.properties).map(([name, value]) => {
    const said = deref(value).description;
    return el("li", {},
      el("code", { class: must.has(name) ? "must" : "" }, name), " ",
      el("span", { class: "kind" }, kind(value)),
      ...(said ? [" ", el("span", { class: "said" }, ...prose(said))] : []),
      shape(value, depth + 1));
  }));
}

function example(media) {
  const first = Object.values(media.examples || {})[0];
  if (!first) return undefined;
  const value = deref(first).value;
  return typeof value === "string" ? value : JSON.stringify(value, null, 2);
}

function field(id, name, required, description, type, control) {
  return el("div", { class: "field" },
    el("label", { for: id, class: required ? "must" : "" }, name), control,
    el("small", {}, type, description ? ". " : "", ...prose(description)));
}

function input(id, schema, required) {
  const one = deref(schema);
  const choices = one.enum || (one.oneOf || []).map(deref).flatMap((choice) => choice.enum || []);
  if (choices.length) {
    return el("select", { id }, el("option", { value: "" }, ""), ...choices.filter((value) => value !== null).map((value) => el("option", {}, value)));
  }
  return el("input", { id, required, value: one.default === undefined || one.default === null ? "" : one.default, autocomplete: "off" });
}

function bodyFields(operation, name) {
  const body = deref(operation.requestBody);
  if (!body.content) return { type: null, rows: [], read: () => undefined };
  const [type, media] = Object.entries(body.content)[0];
  if (type === "multipart/form-data") {
    const parts = Object.entries(deref(media.schema).properties || {});
    const controls = parts.map(([part, schema]) => {
      const id = `${name}-part-${part}`;
      const file = deref(schema).type === "array";
      const control = file ? el("input", { id, type: "file", multiple: true }) : el("input", { id, autocomplete: "off" });
      return [part, control, field(id, part, file, deref(schema).description, file ? "files" : kind(schema), control)];
    });
    return {
      type: null, rows: controls.map(([, , row]) => row),
      read: () => {
        const form = new FormData();
        for (const [part, control] of controls) {
          if (control.type === "file") [...control.files].forEach((file) => form.append(part, file));
          else if (control.value) form.append(part, control.value);
        }
        return form;
      },
    };
  }
  const id = `${name}-body`;
  const area = el("textarea", { id, spellcheck: "false" }, example(media) || "");
  return {
    type,
    rows: [el("label", { for: id }, `Body, ${type}`), area, shape(media.schema)],
    read: () => area.value,
  };
}

function quoted(text) {
  return `'${text.replace(/'/g, `'\\''`)}'`;
}

async function send(method, address, headers, body, out) {
  const key = document.getElementById("key").value.trim();
  const sent = { "Accept-Language": document.getElementById("language").value, ...headers };
  const curl = ["curl", "-X", method.toUpperCase(), quoted(location.origin + address)];
  for (const [name, value] of Object.entries(sent)) curl.push("-H", quoted(`${name}: ${value}`));
  curl.push("-H", quoted("Authorization: Bearer $RAPPEL_KEY").replace(/'/g, '"'));
  if (body instanceof FormData) for (const [name, value] of body) curl.push("-F", quoted(`${name}=${value instanceof File ? "@" + value.name : value}`));
  else if (body !== undefined) curl.push("--data-binary", quoted(body));
  out.replaceChildren(el("h3", {}, "As a command"), el("pre", {}, curl.join(" ")), el("p", { role: "status" }, "Waiting for the answer…"));
  if (key) sent.Authorization = `Bearer ${key}`;
  try {
    const began = performance.now();
    const answer = await fetch(address, { method: method.toUpperCase(), headers: sent, body });
    const took = Math.round(performance.now() - began);
    out.lastChild.replaceWith(el("p", { role: "status" }, el("span", { class: `status ${answer.ok ? "good" : "bad"}` }, String(answer.status)), ` ${answer.headers.get("content-type") || "no content"}, ${took} ms`));
    out.append(await shown(answer));
  } catch (error) {
    out.lastChild.replaceWith(el("p", { role: "status", class: "bad" }, `No answer: ${error.message}`));
  }
}

async function shown(answer) {
  const type = answer.headers.get("content-type") || "";
  if (type.includes("json")) {
    const text = await answer.text();
    return el("pre", { tabindex: "0" }, text ? JSON.stringify(JSON.parse(text), null, 2) : "");
  }
  if (type.startsWith("text/") || type.includes("toml")) return el("pre", { tabindex: "0" }, await answer.text());
  const link = URL.createObjectURL(await answer.blob());
  const name = /filename="([^"]+)"/.exec(answer.headers.get("content-disposition") || "");
  return el("p", {}, el("a", { href: link, download: name ? name[1] : "answer" }, `Save ${name ? name[1] : "the answer"}`));
}

function tryIt(path, method, operation) {
  const name = operation.operationId;
  const parameters = (operation.parameters || []).map(deref).map((one) => {
    const id = `${name}-${one.in}-${one.name}`;
    const control = input(id, one.schema, one.required);
    return { ...one, control, row: field(id, one.name, one.required, one.description, `${one.in}, ${kind(one.schema)}`, control) };
  });
  const body = bodyFields(operation, name);
  const out = el("div", {});
  const form = el("form", {}, ...parameters.map((one) => one.row), ...body.rows.filter(Boolean), el("p", {}, el("button", {}, "Send")), out);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const query = new URLSearchParams();
    const headers = body.type ? { "Content-Type": body.type } : {};
    let address = path;
    for (const one of parameters) {
      const value = one.control.value;
      if (one.in === "path") address = address.replace(`{${one.name}}`, encodeURIComponent(value));
      else if (value && one.in === "query") query.append(one.name, value);
      else if (value && one.in === "header") headers[one.name] = value;
    }
    const asked = query.toString() ? `${address}?${query}` : address;
    send(method, asked, headers, method === "get" || method === "delete" ? undefined : body.read(), out);
  });
  return form;
}

function answers(operation) {
  return Object.entries(operation.responses || {}).map(([status, given]) => {
    const one = deref(given);
    const [type, media] = Object.entries(one.content || {})[0] || ["", {}];
    const sample = media && example(media);
    return el("details", {},
      el("summary", {}, el("span", { class: `status ${status < "400" ? "good" : "bad"}` }, status), " ", el("span", { class: "said" }, ...prose(one.description), type ? ` · ${type}` : "")),
      media && media.schema ? shape(media.schema) : null,
      sample ? el("pre", {}, sample) : null);
  });
}

function drawn(path, method, operation) {
  const inside = el("div", {});
  const box = el("details", { class: "operation", id: operation.operationId },
    el("summary", {}, el("span", { class: `method ${method}` }, method.toUpperCase()), el("span", { class: "path" }, path), el("span", { class: "said" }, ...prose((operation.description || operation.summary || "").split("\n")[0]))), inside);
  box.dataset.words = `${method} ${path} ${operation.operationId} ${operation.description || ""} ${(operation.tags || []).join(" ")}`.toLowerCase();
  box.addEventListener("toggle", () => {
    if (!box.open || inside.childNodes.length) return;
    const more = (operation.description || "").split("\n").slice(1).join(" ").trim();
    if (more) inside.append(el("p", {}, ...prose(more)));
    inside.append(el("h3", {}, "Try it"), tryIt(path, method, operation), el("h3", {}, "Answers"), ...answers(operation));
  });
  return box;
}

function byPath([one], [other]) {
  return one < other ? -1 : 1;
}

function draw() {
  document.getElementById("about").replaceChildren(...prose(api.info.description));
  const main = document.getElementById("operations");
  const list = el("ul", {});
  main.replaceChildren();
  for (const tag of api.tags || []) {
    const found = Object.entries(api.paths).sort(byPath).flatMap(([path, item]) => METHODS.filter((method) => item[method] && (item[method].tags || []).includes(tag.name)).map((method) => drawn(path, method, item[method])));
    if (!found.length) continue;
    const id = `tag-${tag.name.toLowerCase()}`;
    main.append(el("section", { "aria-labelledby": id }, el("h2", { id }, tag.name), el("p", {}, ...prose(tag.description)), ...found));
    list.append(el("li", {}, el("a", { href: `#${id}` }, tag.name)));
  }
  document.getElementById("contents").replaceChildren(list);
  const wanted = location.hash && document.getElementById(location.hash.slice(1));
  if (wanted) {
    if (wanted.tagName === "DETAILS") wanted.open = true;
    wanted.scrollIntoView();
  }
}

function filter(text) {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  for (const box of document.querySelectorAll("details.operation")) box.hidden = !words.every((word) => box.dataset.words.includes(word));
  for (const section of document.querySelectorAll("section")) section.hidden = !section.querySelector("details.operation:not([hidden])");
}

async function start() {
  const spoken = (navigator.language || "en").slice(0, 2);
  document.getElementById("language").value = ["en", "es", "pt"].includes(spoken) ? spoken : "en";
  document.getElementById("bar").addEventListener("submit", (event) => event.preventDefault());
  document.getElementById("filter").addEventListener("input", (event) => filter(event.target.value));
  try {
    const answer = await fetch("/docs/openapi.json");
    api = await answer.json();
    draw();
  } catch (error) {
    document.getElementById("state").textContent = `The description cannot be read: ${error.message}`;
  }
}

start();
