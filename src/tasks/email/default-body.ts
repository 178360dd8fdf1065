/** What a mail says when nobody has written anything: what ran, the facts of `with`, what goes along. */
import type { Template } from "./templates.ts";

export const DEFAULT_SUBJECT = "{{ run.workflow }} of {{ account.id }}, {{ run.date }}";

const TEXT = `Workflow {{ run.workflow }} of account {{ account.id }}
{{ run.weekday }} {{ run.date }} {{ run.time }} ({{ run.timeZone }}), run {{ run.id }}
{% for fact in facts %}{% if forloop.first %}
{% endif %}{{ fact.name }}: {{ fact.text }}
{% endfor %}{% for one in attachments %}{% if forloop.first %}
Attached:
{% endif %}- {{ one.name }} ({{ one.bytes }} bytes)
{% endfor %}`;

const HTML = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>{{ run.workflow }} of {{ account.id }}</title></head>
<body style="font-family: sans-serif; color: #222">
<h2 style="margin: 0 0 4px">Workflow {{ run.workflow }} of account {{ account.id }}</h2>
<p style="margin: 0 0 16px; color: #666">{{ run.weekday }} {{ run.date }} {{ run.time }} ({{ run.timeZone }}), run {{ run.id }}</p>
{% if facts.size > 0 %}<table cellpadding="6" style="border-collapse: collapse">
{% for fact in facts %}<tr><th align="left" style="border-bottom: 1px solid #ddd">{{ fact.name }}</th><td style="border-bottom: 1px solid #ddd">{{ fact.text }}</td></tr>
{% endfor %}</table>
{% endif %}{% if attachments.size > 0 %}<p>Attached:</p>
<ul>
{% for one in attachments %}<li>{{ one.name }} ({{ one.bytes }} bytes)</li>
{% endfor %}</ul>
{% endif %}</body>
</html>
`;

export const DEFAULT_BODY: readonly Template[] = [
  { name: "the text of every mail", source: TEXT, as: "text" },
  { name: "the HTML of every mail", source: HTML, as: "html" },
];

const TEXT_LINKS = `
Too large to attach:
{% for path in links %}- {{ path }}
{% endfor %}`;

const HTML_LINKS = `<p>Too large to attach:</p>
<ul>
{% for path in links %}<li><code>{{ path }}</code></li>
{% endfor %}</ul>
`;

/** A body that also lists the files that were too large to go along, whoever wrote it. */
export function withLinks(body: Template): Template {
  const { source, as } = body;
  if (as === "text") return { ...body, source: `${source}\n${TEXT_LINKS}` };
  const end = source.toLowerCase().lastIndexOf("</body>");
  const at = end === -1 ? source.length : end;
  return { ...body, source: `${source.slice(0, at)}${HTML_LINKS}${source.slice(at)}` };
}
