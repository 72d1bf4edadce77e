/** The types of the panels, by which VS Code restores them after a reload of the window. */
export const panelTypes = {
  dashboard: 'descent.dashboard',
  graph: 'descent.graphPage',
  tensor: 'descent.tensor',
  dataset: 'descent.datasetPage',
  comparison: 'descent.comparison',
  evaluation: 'descent.evaluation',
} as const;
