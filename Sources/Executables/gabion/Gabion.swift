import CommandLineTool

@main
enum Gabion {
    static func main() async {
        await GabionCommand.entry()
    }
}
