"""Paper grain for the demo of git comfy. In a real ComfyUI it lays noise over a picture; the simulated one only reads these bytes."""
import torch


class DemoGrain:
    CATEGORY, FUNCTION, RETURN_TYPES = "demo", "run", ("IMAGE",)

    @classmethod
    def INPUT_TYPES(cls):
        return {"required": {"image": ("IMAGE",), "strength": ("FLOAT", {"default": 0.25, "min": 0.0, "max": 1.0, "step": 0.01})}}

    def run(self, image, strength):
        noise = torch.rand(image.shape[1:3], generator=torch.Generator().manual_seed(1)) - 0.5
        return ((image + strength * 0.2 * noise[None, :, :, None]).clamp(0, 1),)


NODE_CLASS_MAPPINGS = {"DemoGrain": DemoGrain}
NODE_DISPLAY_NAME_MAPPINGS = {"DemoGrain": "Paper grain"}
