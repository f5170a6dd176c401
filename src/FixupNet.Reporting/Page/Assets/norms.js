"use strict";
// The chooser of gradient norms: one chart, and what it shows is chosen: which methods, which place on the sweep's axis, which seed and which step.
const norms = (() => {
  const create = figure => {
    const data = JSON.parse(document.getElementById("gradient-data").textContent), title = figure.querySelector("h4");
    const control = name => figure.querySelector(`[data-control=${name}]`), chosen = name => control(name).value;
    const state = { current: null, key: "", step: Infinity, steps: [] };
    const runs = data.runs, hidden = new Set();

    const fill = (name, entries) => control(name).append(...entries.map(([value, text]) => {
      const option = document.createElement("option");
      [option.value, option.textContent] = [value, text];
      return option;
    }));
    const places = [...new Set(runs.map(run => run.place))].sort((a, b) => b - a);
    fill("method", data.methods.flatMap((method, index) => (runs.some(run => run.method === index) ? [[index, method.label || "all"]] : [])));
    fill("place", places.map(place => [place, place === null ? "none" : values.short(place)]));
    fill("seed", [...new Set(runs.map(run => run.seed))].sort((a, b) => a - b).map(seed => [seed, String(seed)]));

    const view = () => figure.querySelector("[name=norms-view]:checked").value;
    const here = run => String(run.place) === chosen("place") && String(run.seed) === chosen("seed");
    const shown = { methods: ["place", "seed", "step"], steps: ["method", "place", "seed"], map: ["method", "place", "seed"], axis: ["norm", "step"] };
    const controls = ["method", "place", "seed", "step", "norm"];
    const about = (...parts) => parts.filter(part => part).join(", ");
    const placeText = place => (data.axis && place !== null ? `${data.axis.name} ${values.short(place)}` : "");

    // What is chosen: the trials, and how they are drawn at a step.
    const choose = () => {
      if (view() === "axis") {
        const text = control("norm").selectedOptions[0].textContent;
        const ended = step => (runs.some(run => run.steps.at(-1) < step) ? ", or the last step of a trial that ended before" : "");
        return { runs, hasStep: true, title: step => `${text} ${data.axis.phrase}, step ${values.short(step)}${ended(step)}`, chart: step => normCharts.againstAxis(data, runs, chosen("norm"), step) };
      }
      if (view() === "methods") {
        const found = runs.filter(here);
        return {
          runs: found, hasStep: true, title: step => `Gradient norm of every layer: ${about(placeText(found[0]?.place ?? null), `seed ${chosen("seed")}`, `step ${values.short(step)}`)}`,
          chart: step => normCharts.methods(data, found, step),
        };
      }
      const found = runs.filter(run => here(run) && String(run.method) === chosen("method")), isMap = view() === "map";
      return {
        runs: found, hasStep: false,
        title: () => `${isMap ? "Gradient norm of layers over steps" : "Gradient norm of every layer at chosen steps"}: ${about(data.methods[chosen("method")].label, placeText(found[0].place), `seed ${chosen("seed")}`)}`,
        chart: () => (isMap ? normCharts.map : normCharts.steps)(data, found[0]),
      };
    };

    const show = () => {
      for (const name of controls) control(name).closest("label").hidden = !shown[view()].includes(name) || (name === "place" && !data.axis) || (name === "method" && data.methods.length < 2);
      const choice = choose(), key = [view(), ...controls.filter(name => name !== "step").map(chosen)].join("\n");
      choice.runs.forEach(normCharts.open);
      for (const label of state.current?.hiddenLabels?.() ?? []) hidden.add(label);
      const zoom = state.key === key && state.current ? state.current.plot.scales : null, kept = zoom && { x: { min: zoom.x.min, max: zoom.x.max }, y: { min: zoom.y.min, max: zoom.y.max } };
      state.current?.plot.release();
      state.current = null;
      state.key = key;
      figure.querySelector(".legend").replaceChildren();
      figure.querySelector(".readout").replaceChildren();
      if (choice.runs.length === 0) {
        title.textContent = "No gradient norms were recorded for this choice.";
        return;
      }
      if (choice.hasStep) slide(choice.runs);
      const chart = choice.chart(state.steps[chosen("step")]);
      title.textContent = choice.title(state.steps[chosen("step")]);
      figure.querySelector(".plot").setAttribute("aria-label", title.textContent);
      state.current = chart.kind === "map" ? maps.create(figure, chart) : charts.create(figure, chart, hidden);
      hidden.clear();
      if (kept) state.current.plot.batch(() => { state.current.plot.setScale("x", kept.x); state.current.plot.setScale("y", kept.y); });
      tell(chart);
    };

    // The slider has the steps of the trials that are shown, and stays at the step it was at.
    const slide = some => {
      state.steps = [...new Set(some.flatMap(run => run.steps))].sort((a, b) => a - b);
      const slider = control("step"), index = Math.max(0, state.steps.findLastIndex(step => step <= state.step));
      [slider.min, slider.max, slider.value] = [0, state.steps.length - 1, index];
      slider.setAttribute("aria-valuetext", `step ${state.steps[index]}`);
      figure.querySelector("output").textContent = `${values.short(state.steps[index])} of ${values.short(state.steps.at(-1))}`;
    };

    const tell = chart => {
      const words = (chart.curves ?? []).map(curve => {
        const line = curve.lines[0], norms_ = line.y.filter(value => value !== null), ends = norms_.length > 0 ? `from ${values.short(Math.min(...norms_))} to ${values.short(Math.max(...norms_))}` : "no norm above 0";
        return `${curve.label ? `${curve.label}: ` : ""}${ends}, ${line.zeros.length} exactly 0, ${line.nonFinite.length} not finite`;
      });
      figure.querySelector("figcaption p").textContent = `L2 norm of the gradient. ${title.textContent}. ${words.join("; ")}`;
      figure.dispatchEvent(new CustomEvent("chart", { detail: chart }));
    };

    control("step").addEventListener("input", () => { state.step = state.steps[chosen("step")]; show(); });
    for (const element of figure.querySelectorAll("select, [type=radio]")) element.addEventListener("change", show);
    show();
    return state;
  };

  return { create };
})();
