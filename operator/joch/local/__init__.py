"""The embedded control plane: a real etcd, kube-apiserver and kube-controller-manager.

Found or built (`binaries`, `build`), given a folder of their own (`homes`), certificates (`pki`)
and configuration, started as processes that can't outlive whom they serve (`processes`,
`control_plane`), or kept running in the background under a name (`instances`). Linux only.
"""
