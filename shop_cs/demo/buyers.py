"""Consumers who are in more than one story, or have to live in a certain place."""

from .scenes import Buyer

# Buys in three shops, and wants his money back in all of them.
SERIAL_REFUNDER = Buyer("贾仁义", "13900008888", "上海市浦东新区世纪大道88号")
IN_ZHENGZHOU = Buyer("宋雅琴", "13900001102", "河南省郑州市金水区花园路36号")
IN_GUANGZHOU = Buyer("梁志伟", "13900001203", "广东省广州市天河区体育东路20号")
IN_HARBIN = Buyer("孟庆丰", "13900001304", "黑龙江省哈尔滨市道里区中央大街5号")
