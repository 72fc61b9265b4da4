import type {ElementLanguage} from '../widgets/runtime/words';

/** English for the scenes and functions that shops publish in Chinese; one that is not here is shown as published. */
const kEnglish: Record<string, string> = {
  牙龈敏感: 'sensitive gums', 徒步: 'hiking', 停电应急: 'power cuts', 登山: 'mountaineering', 大户型: 'large homes', 卧室: 'the bedroom', 出行: 'getting about', 母婴: 'mother and baby', 通勤: 'commuting',
  自驾: 'road trips', 外出: 'going out', 宠物: 'pets', 上班族: 'office days', 送礼: 'presents', 换季: 'the change of season', 露营: 'camping', 家用: 'the home', 居家: 'being at home', 长途: 'long journeys',
  熬夜: 'late nights', 海边: 'the seaside', 飞机: 'flights', 书房: 'the study', 客厅: 'the living room', 新生儿: 'newborns', 敏感肌: 'sensitive skin', 军训: 'training outdoors', 办公室: 'the office',
  办公室午休: 'naps at the office', 夜间: 'the night', 厨房: 'the kitchen', 出差: 'business trips', 小学生: 'schoolchildren', 约会: 'an evening out', 亲子: 'families',
  易消化: 'easy to digest', 自动集尘: 'empties itself', 快充: 'fast charging', 保温: 'keeps hot', 清爽: 'light feel', 护龈: 'kind to gums', 除异味: 'removes odours', 益生菌: 'probiotics', 抗老: 'anti-ageing',
  速开: 'quick to pitch', 侧撞防护: 'side impact protection', 美白: 'whitening', 补水: 'hydrating', 一键清洗: 'one-touch cleaning', 高钙: 'rich in calcium', 免手扶: 'hands-free', 淡纹: 'softens lines',
  中烘: 'medium roast', 旋转: 'rotates', 避震: 'soft suspension', 可拼接: 'joins up', 防风: 'windproof', 防滑: 'non-slip', 无雾: 'no visible mist', 防漏: 'leakproof', 防水: 'waterproof', 长续航: 'long battery life',
  除甲醛: 'removes formaldehyde', 果酸: 'fruit acids', 滋润: 'nourishing', 提拉: 'firming', 升降: 'height-adjustable', 保暖: 'warm', 抗菌: 'antibacterial', 不沾杯: 'leaves no mark', 除垢: 'removes scale',
  三合一: 'three in one', 并网充电: 'charges in parallel', 即热: 'hot at once', 静音: 'quiet', 除菌: 'kills germs', 奶泡: 'milk foam', 双边: 'double-sided', 大容量: 'large', 可折叠: 'folds', 轻量: 'light',
  拖地: 'mops too', 避障: 'avoids obstacles', 哑光: 'matt', 深烘: 'dark roast', 大通量: 'high flow', 轻便: 'easy to carry', 可登机: 'cabin size', 超薄: 'ultra-thin', 环保: 'eco-friendly', 保湿: 'moisturising',
  防近视: 'kind to eyes', 现磨: 'freshly ground', 透气: 'breathable', 修护: 'repairing', 紧致: 'firming', 防暴雨: 'stormproof', 防晒: 'sun protection',
};

export function tagName(tag: string, language: ElementLanguage): string {
  return language === 'en' ? (kEnglish[tag] ?? tag) : tag;
}
