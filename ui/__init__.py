"""The page: rooms, the WebSocket, the canvas and Gradio around it."""
