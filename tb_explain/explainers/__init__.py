"""Explainers, one per module.

To add one: a file here with its formula, settings, kind and paper; its export below; its closed
form in `tests/explainers/closed_forms.py`. Failing tests ask for the last two.
"""

from tb_explain.explainers.activations import Activations
from tb_explain.explainers.attention import Attention
from tb_explain.explainers.attention_relevance import AttentionRelevance
from tb_explain.explainers.attention_rollout import AttentionRollout
from tb_explain.explainers.base import (
    AttributionExplainer,
    Explainer,
    PassExplainer,
    QueryExplainer,
    WeightExplainer,
)
from tb_explain.explainers.baselines import Blurred
from tb_explain.explainers.class_activation import ClassActivationMap
from tb_explain.explainers.deep_lift import DeepLIFT
from tb_explain.explainers.eigen_cam import EigenCAM
from tb_explain.explainers.feature_visualization import FeatureVisualization
from tb_explain.explainers.filters import Filters
from tb_explain.explainers.grad_cam import GradCAM
from tb_explain.explainers.grad_cam_plus_plus import GradCAMPlusPlus
from tb_explain.explainers.gradient_shap import GradientSHAP
from tb_explain.explainers.guided_backprop import GuidedBackprop
from tb_explain.explainers.hires_cam import HiResCAM
from tb_explain.explainers.input_gradient import InputGradientMap
from tb_explain.explainers.input_query import InputQueryExplainer
from tb_explain.explainers.input_x_gradient import InputXGradient
from tb_explain.explainers.integrated_gradients import IntegratedGradients
from tb_explain.explainers.kernel_shap import KernelSHAP
from tb_explain.explainers.layer_cam import LayerCAM
from tb_explain.explainers.lime import LIME
from tb_explain.explainers.lrp import LRP
from tb_explain.explainers.lrp_rules import AlphaBeta, Box, Epsilon, Gamma
from tb_explain.explainers.occlusion import Occlusion
from tb_explain.explainers.rise import RISE
from tb_explain.explainers.rule_explainer import RuleExplainer
from tb_explain.explainers.saliency import Saliency
from tb_explain.explainers.score_cam import ScoreCAM
from tb_explain.explainers.segment_regression import SegmentRegression
from tb_explain.explainers.segments import Grid, Superpixels
from tb_explain.explainers.smooth_grad import SmoothGrad
from tb_explain.explainers.var_grad import VarGrad
from tb_explain.explainers.weights import Weights

__all__ = [
    "LIME",
    "LRP",
    "RISE",
    "Activations",
    "AlphaBeta",
    "Attention",
    "AttentionRelevance",
    "AttentionRollout",
    "AttributionExplainer",
    "Blurred",
    "Box",
    "ClassActivationMap",
    "DeepLIFT",
    "EigenCAM",
    "Epsilon",
    "Explainer",
    "FeatureVisualization",
    "Filters",
    "Gamma",
    "GradCAM",
    "GradCAMPlusPlus",
    "GradientSHAP",
    "Grid",
    "GuidedBackprop",
    "HiResCAM",
    "InputGradientMap",
    "InputQueryExplainer",
    "InputXGradient",
    "IntegratedGradients",
    "KernelSHAP",
    "LayerCAM",
    "Occlusion",
    "PassExplainer",
    "QueryExplainer",
    "RuleExplainer",
    "Saliency",
    "ScoreCAM",
    "SegmentRegression",
    "SmoothGrad",
    "Superpixels",
    "VarGrad",
    "WeightExplainer",
    "Weights",
]
