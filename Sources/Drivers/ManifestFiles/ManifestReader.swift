import ClusterAPI
package import Foundation

/// Reads manifests: files, folders, standard input.
package struct ManifestReader {
    private let standardInput: () throws -> Data

    /// `standardInput` is asked at most once, for the path `-`.
    package init(
        standardInput: @escaping () throws -> Data = { try FileHandle.standardInput.readToEnd() ?? Data() }
    ) {
        self.standardInput = standardInput
    }

    /// Every object of these paths in order; a folder's files (`.yaml`, `.yml`, `.json`, also in folders inside) sorted by
    /// path.
    ///
    /// Throws every fault that was found, and then no object.
    package func read(_ paths: [String]) throws(ManifestErrors) -> [ManifestObject] {
        var objects: [ManifestObject] = []
        var errors: [ManifestError] = []
        for path in paths {
            do {
                for file in try files(path) {
                    do {
                        objects += try Self.parse(try content(file), file: file)
                    } catch {
                        errors.append(error)
                    }
                }
            } catch {
                errors.append(error)
            }
        }
        if errors.isEmpty { return objects }
        throw ManifestErrors(errors)
    }

    private func files(_ path: String) throws(ManifestError) -> [String] {
        if path == "-" { return [path] }
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw ManifestError(file: path, message: "no such file or folder")
        }
        guard isFolder.boolValue else { return [path] }
        let extensions: Set<String> = ["yaml", "yml", "json"]
        let inside: [String]
        do {
            inside = try FileManager.default.subpathsOfDirectory(atPath: path)
        } catch {
            throw ManifestError(file: path, message: "the folder cannot be read: \(FileFault.reason(error))")
        }
        let files = inside.filter { extensions.contains(($0 as NSString).pathExtension.lowercased()) }.sorted()
        if files.isEmpty { throw ManifestError(file: path, message: "the folder has no .yaml, .yml or .json file") }
        return files.map { (path as NSString).appendingPathComponent($0) }
    }

    private func content(_ file: String) throws(ManifestError) -> Data {
        do {
            return file == "-" ? try standardInput() : try InputFile.read(file)
        } catch {
            throw ManifestError(file: file, message: "cannot be read: \(FileFault.reason(error))")
        }
    }
}
