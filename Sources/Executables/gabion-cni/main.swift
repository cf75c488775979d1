import CNIPlugin

Plugin.exit()
