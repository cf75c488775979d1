import Foundation
import KubernetesClient
import Lab
import ManifestFiles

extension CommandFailure {
    /// Any error of the layers below, with its cause and its remedy told apart where the error does.
    package init(_ error: any Error) {
        switch error {
        case let failure as CommandFailure: self = failure
        case let failure as LabError: self.init(failure.cause, remedy: failure.remedy)
        case let failure as ConfigurationError:
            let field = (failure.field ?? "").isEmpty ? "" : "\(failure.field ?? ""): "
            self.init("\(failure.origin): \(field)\(failure.problem)", remedy: failure.remedy)
        case let failure as KubernetesError: self.init("\(failure)", remedy: Self.remedy(of: failure))
        case let failure as ManifestErrors:
            self.init(failure.description, remedy: "Correct the manifests, or name others with -f.")
        case let failure as CocoaError:
            let path = failure.filePath ?? failure.url?.path
            self.init((path.map { "\($0): " } ?? "") + FileFault.reason(failure))
        default: self.init("\(error)")
        }
    }

    private static func remedy(of error: KubernetesError) -> String {
        switch error {
        case .unreachable:
            "Is the API server running, does it hang, and is this its address? A lab: gabion lab status."
        case .refused(let failure) where failure.code == 401:
            "The server does not know who you are: check the user of the kubeconfig."
        case .refused(let failure) where failure.code == 403:
            "This user may not do that: take the administrator's kubeconfig, or ask for the right."
        case .refused(let failure) where failure.isNotFound:
            "Leave out the name to see what there is, or look in another namespace with -n."
        case .refused, .unreadable, .unsendable, .unknownResource: ""
        }
    }
}
