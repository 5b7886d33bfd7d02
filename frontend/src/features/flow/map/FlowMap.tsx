import "@xyflow/react/dist/base.css";
import { type Edge, type Node, ReactFlow } from "@xyflow/react";
import { memo, useMemo } from "react";
import { into, outTo } from "../live/travels.ts";
import type { Contract } from "../types.ts";
import { Bus } from "./Bus.tsx";
import styles from "./FlowMap.module.css";
import { LEAST_WIDTH, layOut } from "./geometry.ts";
import { Line, type LineData } from "./Line.tsx";
import { Publisher } from "./Publisher.tsx";
import { Subscriber } from "./Subscriber.tsx";
import { type Row, typesOf } from "./topology.ts";
import { useWidth } from "./useWidth.ts";

const nodeTypes = { publisher: Publisher, bus: Bus, subscriber: Subscriber };
const edgeTypes = { line: Line };
const BUS = "bus";

type Props = { rows: Row[]; contracts: Contract[] };

/** The services as stations and their subscriptions as lines; all it can do stands in the table below it, too. */
export const FlowMap = memo(function FlowMap({ rows, contracts }: Props) {
  const { ref, width } = useWidth();
  const { nodes, edges, height } = useMemo(
    () => draw(rows, contracts, Math.max(width, LEAST_WIDTH)),
    [rows, contracts, width],
  );
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section ref={ref} className={styles.map} style={{ height }} aria-label="Map of services" tabIndex={0}>
      {width > 0 && (
        <div className={styles.sheet} style={{ height }}>
          <ReactFlow
            nodes={nodes}
            edges={edges}
            nodeTypes={nodeTypes}
            edgeTypes={edgeTypes}
            nodesDraggable={false}
            nodesConnectable={false}
            nodesFocusable={false}
            edgesFocusable={false}
            elementsSelectable={false}
            panOnDrag={false}
            zoomOnScroll={false}
            zoomOnPinch={false}
            zoomOnDoubleClick={false}
            preventScrolling={false}
            disableKeyboardA11y
            attributionPosition="bottom-center"
          />
        </div>
      )}
    </section>
  );
});

function draw(rows: Row[], contracts: Contract[], width: number) {
  const layout = layOut(rows.length, width);
  const nodes: Node[] = [{ id: BUS, type: "bus", position: layout.bus, data: layout.bus }];
  const edges: Edge<LineData>[] = [];
  rows.forEach(({ publisher, subscriber }, row) => {
    if (publisher) {
      const { width: wide, ...position } = layout.publisher(row);
      const data = { name: publisher, types: typesOf(publisher, contracts) };
      nodes.push({ id: into(publisher), type: "publisher", position, width: wide, data });
      edges.push(edge(into(publisher), into(publisher), BUS, { ...layout.lineIn(row), subscription: null }));
    }
    if (subscriber) {
      const { width: wide, ...position } = layout.subscriber(row);
      nodes.push({
        id: outTo(subscriber),
        type: "subscriber",
        position,
        width: wide,
        data: { name: subscriber },
      });
      const data = { ...layout.lineOut(row), subscription: subscriber };
      edges.push(edge(outTo(subscriber), BUS, outTo(subscriber), data));
    }
  });
  return { nodes, edges, height: layout.height };
}

function edge(id: string, source: string, target: string, data: LineData): Edge<LineData> {
  return { id, type: "line", source, target, data };
}
