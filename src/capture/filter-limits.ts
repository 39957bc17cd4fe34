/** What is larger goes through the filter as it is. */
export { workflowLimits as filterLimits } from '../workflow/json.js';
