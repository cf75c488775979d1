/// The style sheets of the two pictures.
enum MatrixStyle {
    static let page: StaticString = """

        :root { color-scheme: light; --ink: #14202e; --quiet: #5b6875; --line: #dfe4ea; --paper: #ffffff; }
        * { box-sizing: border-box; }
        body { margin: 2rem auto; padding: 0 1.5rem; max-width: 100rem; background: var(--paper); color: var(--ink);
          font: 15px/1.5 system-ui, -apple-system, "Segoe UI", "Noto Sans", "DejaVu Sans", sans-serif; }
        h1 { font-size: 1.6rem; margin: 0; } h2 { font-size: 1.15rem; margin: 2rem 0 .5rem; }
        header p, footer, .note, .members { color: var(--quiet); } header p { margin: .2rem 0 1rem; }
        .legend { display: flex; flex-wrap: wrap; gap: .4rem 1.4rem; list-style: none; margin: 0 0 1rem; padding: 0; }
        .key { display: inline-block; width: 1.9em; text-align: center; border: 1px solid var(--line); }
        .scroll { overflow: auto; max-height: 85vh; border: 1px solid var(--line); border-radius: 6px; width: fit-content; max-width: 100%; }
        table { border-collapse: separate; border-spacing: 0; }
        .grid th, .grid td { border-right: 1px solid var(--line); border-bottom: 1px solid var(--line); }
        .grid thead th { position: sticky; top: 0; z-index: 1; background: #f5f7f9; vertical-align: bottom; padding: .5rem .2rem; }
        .grid thead span { writing-mode: vertical-rl; transform: rotate(180deg); max-height: 16rem; overflow: hidden;
          white-space: nowrap; text-overflow: ellipsis; font-weight: 500; }
        .grid tbody th { position: sticky; left: 0; background: #f5f7f9; text-align: left; font-weight: 500; padding: .3rem .8rem;
          max-width: 24rem; min-width: 10rem; overflow-wrap: anywhere; }
        .corner { position: sticky; top: 0; left: 0; z-index: 2; background: #f5f7f9; color: var(--quiet); vertical-align: bottom;
          padding: .5rem .8rem; white-space: pre; font-size: .85rem; }
        .grid tbody td { text-align: center; min-width: 2.6rem; height: 2.2rem; padding: 0 .4rem; font-size: .85rem; white-space: nowrap;
          font-variant-numeric: tabular-nums; }
        th.outside { box-shadow: inset 4px 0 0 #d9822b; } th.nodes { box-shadow: inset 4px 0 0 #8a8f98; }
        thead th.outside { box-shadow: inset 0 4px 0 #d9822b; } thead th.nodes { box-shadow: inset 0 4px 0 #8a8f98; }
        .everything { background: #1b4f8f; color: #ffffff; } .ports { background: #a8cbee; color: #0c2340; font-weight: 600; }
        .mixed { background: repeating-linear-gradient(45deg, #d7e7f7 0 5px, #ffffff 5px 10px); color: #0c2340; }
        .nothing { background: #ffffff; color: #9aa5b1; } .absent { background: #eef0f3; color: #eef0f3; }
        .grid tbody tr:hover th { background: #e3e9f0; } .grid tbody td:hover { outline: 2px solid #d9822b; outline-offset: -2px; }
        .list { width: 100%; } .list th { text-align: left; border-bottom: 2px solid var(--line); padding: .3rem .8rem .3rem 0; }
        .list td { border-bottom: 1px solid var(--line); padding: .3rem .8rem .3rem 0; vertical-align: top; overflow-wrap: anywhere; }
        .no td { color: var(--quiet); } .yes td:nth-child(3) { color: #1b4f8f; font-weight: 600; white-space: nowrap; }
        .no td:nth-child(3) { white-space: nowrap; }
        details { border: 1px solid var(--line); border-radius: 6px; margin: .4rem 0; padding: .5rem .9rem; }
        summary { cursor: pointer; font-weight: 500; } footer { margin-top: 2rem; font-size: .9rem; }
        @media print { .scroll { max-height: none; overflow: visible; } body { margin: 0; max-width: none; } }

        """

    static let picture: StaticString = """

        text { font-family: system-ui, "Segoe UI", "Noto Sans", "DejaVu Sans", sans-serif; fill: #14202e; }
        .quiet { fill: #5b6875; } .onDark { fill: #ffffff; } .faint { fill: #9aa5b1; }
        .everything { fill: #1b4f8f; } .ports { fill: #a8cbee; } .mixed { fill: url(#stripes); }
        .nothing { fill: #ffffff; } .absent { fill: #eef0f3; }
        .cell { stroke: #dfe4ea; stroke-width: 1; }

        """
}
