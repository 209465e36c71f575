// Paints what Slack would be sent, with a library that none of us wrote.
import { createRoot } from "react-dom/client";
import { Message } from "slack-blocks-to-jsx";
import "slack-blocks-to-jsx/dist/style.css";

const LOGO =
  "data:image/svg+xml," +
  encodeURIComponent(
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 36 36"><rect width="36" height="36" rx="8" fill="#1d5c63"/></svg>',
  );

const Painted = ({ name, payload, users, theme }) => {
  const blocks = (
    <Message
      blocks={payload.blocks}
      name="Throughline"
      logo={LOGO}
      theme={theme}
      time={new Date("2026-11-23T09:00:00Z")}
      data={{ users }}
      withoutWrapper={payload.type === "modal"}
    />
  );
  return (
    <figure className={`shown ${theme}`} data-name={name}>
      <figcaption>{name}</figcaption>
      {payload.type === "modal" ? (
        <div className="modal">
          <header>{payload.title.text}</header>
          {blocks}
          <footer>
            <span>{payload.close.text}</span> <b>{payload.submit.text}</b>
          </footer>
        </div>
      ) : (
        blocks
      )}
    </figure>
  );
};

window.paint = (all, users, theme) =>
  createRoot(document.getElementById("root")).render(
    all.map(([name, payload]) => (
      <Painted key={name} {...{ name, payload, users, theme }} />
    )),
  );
