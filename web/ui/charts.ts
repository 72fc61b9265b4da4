/** What we use of ECharts and nothing else; loaded when the first chart is drawn. */
import {BarChart, LineChart} from 'echarts/charts';
import {GridComponent, LegendComponent, TooltipComponent} from 'echarts/components';
import * as echarts from 'echarts/core';
import {CanvasRenderer} from 'echarts/renderers';

echarts.use([BarChart, LineChart, GridComponent, TooltipComponent, LegendComponent, CanvasRenderer]);

export const init = echarts.init;
export type Chart = ReturnType<typeof echarts.init>;
export type Option = Parameters<Chart['setOption']>[0];
