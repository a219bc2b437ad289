//! Builds the manifest of permissions and keeps the top of the repository tidy.

use std::{fs, path::Path};

fn main() {
    // The patterns below do not make cargo watch for new files, so the folders are watched here.
    println!("cargo:rerun-if-changed=src-tauri/capabilities");
    println!("cargo:rerun-if-changed=src-tauri/permissions");
    println!("cargo:rerun-if-changed=ui/dist");
    let attributes = tauri_build::Attributes::new()
        .capabilities_path_pattern("./src-tauri/capabilities/**/*")
        .app_manifest(tauri_build::AppManifest::new().permissions_path_pattern("./src-tauri/permissions/**/*.toml"));
    if let Err(error) = tauri_build::try_build(attributes) {
        println!("cargo:error={error:#}");
    }
    // The generated schemas land at the top, wherever they are asked for; they only serve editors.
    let (from, to) = (Path::new("gen"), Path::new("src-tauri/gen"));
    if from.exists() {
        let _ = fs::remove_dir_all(to);
        let _ = fs::rename(from, to);
    }
}
